package import Hosts

/// What a join that broke off has left behind in the cluster, and how it is removed there.
package struct StaleMember: Hashable, Sendable {
  /// The node's name, which is its etcd member's as well.
  package var name: String
  /// The addresses that its etcd member may have.
  package var addresses: [String]

  package init(name: String, addresses: [String]) {
    self.name = name
    self.addresses = addresses
  }

  /// Removes the node's etcd member and the node itself, by a control plane that is well.
  ///
  /// etcd is asked over HTTPS by its gateway, with the plane's own certificates, for etcdctl is seldom
  /// on a host. It refuses by itself what would lose its quorum. The member must be gone before the
  /// same host can join again, and `kubeadm reset` removes it only as well as it can.
  package func removal(on plane: String, isControlPlane: Bool) -> Action {
    let urls = addresses.map { $0.contains(":") ? "https://[\($0)]:2380" : "https://\($0):2380" }
    let patterns = (["\"name\":\"\(name)\""] + urls.map { "\"\($0)\"" })
      .map { "-e \(Shell.quote($0))" }.joined(separator: " ")
    let member = """
      p=/etc/kubernetes/pki/etcd
      if [ -e $p/ca.crt ]; then
      etcd() { curl -sS --max-time 15 --cacert $p/ca.crt --cert $p/healthcheck-client.crt \\
      --key $p/healthcheck-client.key -d "$2" https://127.0.0.1:2379/$v/cluster/member/$1; }
      command -v curl >/dev/null || { echo 'curl is needed to ask etcd for its members' >&2; exit 1; }
      for v in v3 v3beta v3alpha; do
      m=$(etcd list '{}') || exit 1; case $m in *'"members"'*) break;; esac
      done
      case $m in *'"members"'*) ;; *) echo "etcd doesn't name its members: $m" >&2; exit 1;; esac
      for i in $(printf '%s' "$m" | tr '{}' '\\n\\n' | grep -F \(patterns) \\
      | sed -n 's/.*"ID":"\\([0-9]*\\)".*/\\1/p'); do
      r=$(etcd remove "{\\"ID\\":\\"$i\\"}") || exit 1
      case $r in *'"members"'*) echo "removed etcd member $i";;
      *) echo "etcd keeps member $i: $r" >&2; exit 1;; esac
      done
      fi

      """
    let script = """
      \(isControlPlane ? member : "")kubectl --kubeconfig=/etc/kubernetes/admin.conf --request-timeout=30s \\
      delete node \(Shell.quote(name)) --ignore-not-found
      """
    return Action(
      .run(Command(script)), touches: [.cluster],
      summary: "remove what a join of \(name) has left in the cluster", on: plane)
  }
}
