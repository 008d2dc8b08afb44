package import Hosts
package import Layouts

/// The questions about one host of a cluster: all of them travel in one round trip, and only read.
package struct HostInspection: Sendable {
  package var layout: Layout
  package var host: LayoutHost

  package init(of host: LayoutHost, in layout: Layout) {
    self.host = host
    self.layout = layout
  }

  /// Everything there is to see.
  package var probe: Probe<HostObservation> { Self.combined(queries) }

  /// Only whether the host holds the virtual address: a moving address is asked for often.
  package var holderProbe: Probe<HostObservation> { Self.combined([Self.addresses]) }

  typealias Part = Query<Observe>
  /// Adds what an answer says.
  typealias Observe = @Sendable (inout HostObservation) -> Void

  private static func combined(_ parts: [Part]) -> Probe<HostObservation> {
    Probe(all: parts).map { (changes) throws(HostError) in
      var observation = HostObservation()
      for change in changes { change(&observation) }
      return observation
    }
  }

  private var queries: [Part] {
    var parts = [Self.addresses, Self.clock, Self.units, Self.timers, Self.failedUnits]
    if let endpoint = layout.endpoint {
      parts.append(
        Self.answer(at: Bind(endpoint.address, endpoint.port)) { $0.endpointStatus = $1 })
    }
    if host.haproxy != nil { parts += [Self.servers, Self.nonlocalBind] }
    if host.isPlane {
      let own = host.api.address ?? host.address
      parts.append(Self.answer(at: Bind(own, host.api.port)) { $0.ownStatus = $1 })
      parts += [Self.certificates, Self.keys]
      if host.hasEtcd { parts += [Self.members, Self.memberHealth] }
      if layout.endpoint != nil { parts.append(Self.nodes) }
    }
    if host.firewallPackages.contains("ufw") { parts.append(Self.ufw) }
    if host.haproxy?.hasFallback == true { parts.append(Self.fallback) }
    if host.forward != nil { parts.append(Self.addressRules) }
    return parts
  }

  /// A question whose failure says that nothing can be told.
  private static func part(
    _ script: String, about subjects: [Subject],
    _ change: @escaping @Sendable (String, inout HostObservation) -> Void
  ) -> Part {
    Part(script, about: subjects) { (output) throws(HostError) in
      let text = output.text
      guard output.status == 0 else { return { _ in } }
      return { change(text, &$0) }
    }
  }

  static let addresses = part("ip -o addr show", about: [.facts]) { text, observation in
    observation.addresses = ObservationText.addresses(text)
  }

  private static let clock = part("date +%s", about: [.facts]) { text, observation in
    observation.clock = Int(text.filter(\.isNumber)) ?? 0
  }

  private static let units = part(
    "systemctl show haproxy.service keepalived.service kubelet.service containerd.service"
      + " --property=Id,LoadState,ActiveState,UnitFileState", about: [.everything]
  ) { text, observation in
    observation.units = ObservationText.units(text)
  }

  /// A timer that a condition of its unit keeps away (fstrim's in a container) isn't amiss.
  private static let timers = part(
    """
    systemctl list-unit-files --type=timer --state=enabled --no-legend --plain |
    while read -r name rest; do
      state=$(systemctl is-active "$name")
      if [ "$state" != active ]; then
        case $(systemctl show "$name" --property=ConditionResult,ConditionTimestampMonotonic) in
          *TimestampMonotonic=0*) ;;
          *ConditionResult=no*) state=active ;;
        esac
      fi
      echo "$name $state"
    done
    """, about: [.everything]
  ) { text, observation in
    observation.timers = ObservationText.timers(text)
  }

  private static let failedUnits = part(
    "systemctl list-units --state=failed --no-legend --plain", about: [.everything]
  ) { text, observation in
    observation.failedUnits = ObservationText.firstWords(text)
  }

  private static let nonlocalBind = part(
    "cat /proc/sys/net/ipv4/ip_nonlocal_bind", about: [.sysctl("net.ipv4.ip_nonlocal_bind")]
  ) { text, observation in
    observation.bindsNonlocal = text.hasPrefix("1")
  }

  /// Asks /readyz: 200 is well, 000 is no answer.
  private static func answer(
    at place: Bind, _ change: @escaping @Sendable (inout HostObservation, Int) -> Void
  ) -> Part {
    let url = Shell.quote("https://\(place)/readyz")
    return part(
      """
      command -v curl > /dev/null || exit 1
      curl --silent --insecure --noproxy '*' --max-time 3 --output /dev/null \
        --write-out '%{http_code}' \(url) || true
      """, about: [.url("https://\(place)/readyz")]
    ) { text, observation in
      change(&observation, Int(text.filter(\.isNumber)) ?? 0)
    }
  }

  /// HAProxy's command `show stat`: through socat, or else by the Perl that each Debian has.
  private static let servers = part(
    #"""
    for socket in /run/haproxy/admin.sock /var/lib/haproxy/stats; do [ ! -S "$socket" ] || break; done
    [ -S "$socket" ] || exit 1
    if command -v socat > /dev/null; then echo 'show stat' | socat - "UNIX:$socket"; else
      perl -MIO::Socket::UNIX -e '
        my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 1;
        print $s "show stat\n"; print while <$s>' "$socket"
    fi
    """#, about: [.unit("haproxy.service")]
  ) { text, observation in
    observation.servers = ObservationText.servers(text)
  }

  /// etcd as its own clients reach it: by the certificate that kubeadm makes for health checks.
  private static func etcd(_ path: String, _ data: String? = nil) -> String {
    let folder = "/etc/kubernetes/pki/etcd"
    return """
      curl --silent --fail --noproxy '*' --max-time 5 --cacert \(folder)/ca.crt \
        --cert \(folder)/healthcheck-client.crt --key \(folder)/healthcheck-client.key \
        \(data.map { "--data \(Shell.quote($0)) " } ?? "")https://127.0.0.1:2379\(path)
      """
  }

  private static let members = part(etcd("/v3/cluster/member/list", "{}"), about: [.cluster]) {
    text, observation in
    observation.members = ObservationText.members(text)
  }

  private static let memberHealth = part(
    etcd("/health") + " || echo '{\"health\":\"false\"}'", about: [.cluster]
  ) { text, observation in
    observation.isMemberHealthy = ObservationText.isHealthy(text)
  }

  /// The server in admin.conf is the endpoint, by the name that its certificate has: its address
  /// may not be in there.
  private static let nodes = part(
    "kubectl --kubeconfig /etc/kubernetes/admin.conf --request-timeout=5s get nodes --no-headers",
    about: [.cluster]
  ) { text, observation in
    observation.nodes = ObservationText.nodes(text)
  }

  /// Certificates only: of the kubeconfig files, which hold keys as well, no other line.
  private static let certificates = part(
    """
    for file in /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt; do
      [ -r "$file" ] && echo "file $file" && cat "$file"
    done
    for file in /etc/kubernetes/*.conf; do
      [ -r "$file" ] && echo "file $file" && grep 'client-certificate-data:' "$file"
    done
    true
    """, about: [.path("/etc/kubernetes")]
  ) { text, observation in
    observation.certificates = ObservationText.certificates(text)
  }

  private static let keys = part(
    "stat -c '%Y %n' /etc/kubernetes/pki/*.key /etc/kubernetes/pki/etcd/*.key",
    about: [.path("/etc/kubernetes/pki")]
  ) { text, observation in
    observation.keys = ObservationText.keys(text)
  }

  private static let ufw = part("ufw status || echo 'Status: not installed'", about: [.everything])
  {
    text, observation in
    observation.ufw = text.split(separator: "\n").first.map(String.init)
  }

  /// The table that the role haproxy makes.
  private static let fallback = part(
    "nft list table ip haproxy_fallback 2> /dev/null || true", about: [.everything]
  ) { text, observation in
    observation.hasFallback = text.contains("socket")
  }

  private static let addressRules = part("iptables -t nat -S", about: [.everything]) {
    text, observation in
    observation.addressRules = text.split(separator: "\n").map(String.init)
  }
}
