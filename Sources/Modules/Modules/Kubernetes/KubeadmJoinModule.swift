package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Joins a host to a cluster, as a control plane or a worker.
package struct KubeadmJoinModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "kubeadm_join", summary: "Joins the host to a Kubernetes cluster.",
    notes: [
      "A host that has joined is left alone.",
      "The configuration's version follows from the installed kubeadm. Keys and tokens go to it on "
        + "standard input: they are in no file, no process list and no output.",
      "kubeadm goes on where the connection breaks; the next run waits for it to end. Where a join "
        + "broke off all the same (the host lost its power), the next run resets the host, removes "
        + "its etcd member and its node by `control_plane_host`, and joins again.",
    ],
    arguments: [
      ArgumentSpecification(
        "endpoint", .string, "`ADDRESS:PORT` of the cluster: the virtual IP's.",
        isRequired: true),
      ArgumentSpecification(
        "control_plane", .boolean, "As a control plane.", default: false),
      ArgumentSpecification(
        "ca_cert_hashes", .list, "Hashes of the cluster's CA, as `sha256:…`.",
        acceptsUnknown: true),
      ArgumentSpecification(
        "unsafe_skip_ca_verification", .boolean, "Trust whoever answers.", default: false),
      ArgumentSpecification(
        "control_plane_host", .string,
        "Inventory name of a control plane that is well; it removes what a broken join left."),
      ArgumentSpecification(
        "discovery_timeout", .string, "How long to look for the cluster.", default: "5m0s"),
      ArgumentSpecification("join", .dictionary, "Further fields of JoinConfiguration."),
    ] + KubeadmRun.arguments,
    results: [("node_name", "The node's name."), ("version", "kubeadm's version.")],
    example: """
      - name: Join the other control planes, one at a time
        orchestrate.kubeadm_join:
          control_plane: true
          endpoint: "{{ vip }}:6443"
          token: "{{ lookup('orchestrate.run_secret', 'token') }}"
          certificate_key: "{{ lookup('orchestrate.run_secret', 'certificate_key') }}"
          ca_cert_hashes: "{{ credentials.ca_cert_hashes }}"
          control_plane_host: "{{ groups['planes_all'] | first }}"
        throttle: 1
      """)

  private let registration: KubeadmRegistration
  private let document: KubeadmDocument
  private let isControlPlane: Bool
  private let controlPlaneHost: String?

  package init(_ arguments: Arguments) throws(ArgumentError) {
    registration = try KubeadmRegistration(arguments)
    isControlPlane = try arguments.boolean("control_plane") ?? false
    controlPlaneHost = try arguments.string("control_plane_host")
    var document = KubeadmDocument("JoinConfiguration", try arguments.dictionary("join") ?? [:])
    let token = try KubeadmSecret.token(arguments)
    let key = try KubeadmSecret.certificateKey(arguments)
    let hashes = try Self.hashes(arguments)
    let trustsAnybody = try arguments.boolean("unsafe_skip_ca_verification") ?? false
    if document.fields["discovery"] == nil {
      if token == nil { throw ArgumentError(argument: "token", "`kubeadm_join` needs a `token`") }
      if hashes == nil, !trustsAnybody {
        throw ArgumentError(
          argument: "ca_cert_hashes", "`kubeadm_join` needs `ca_cert_hashes`",
          help: "orchestrate.kubeadm_credentials answers them")
      }
      if isControlPlane, key == nil {
        throw ArgumentError(
          argument: "certificate_key", "a control plane needs a `certificate_key` to join")
      }
    }
    let discovery = ["discovery", "bootstrapToken"]
    document.setDefault(
      discovery + ["apiServerEndpoint"], .string(try arguments.requiredString("endpoint")))
    document.setDefault(discovery + ["token"], token.map { .string($0) })
    if let hashes { document.setDefault(discovery + ["caCertHashes"], hashes) }
    if trustsAnybody {
      document.setDefault(discovery + ["unsafeSkipCAVerification"], true)
    }
    document.setDefault(
      ["discovery", "timeout"], try arguments.string("discovery_timeout").map { .string($0) })
    if isControlPlane {
      document.setDefault(["controlPlane"], [:])
      document.setDefault(["controlPlane", "certificateKey"], key.map { .string($0) })
      registration.fillEndpoint(&document, at: ["controlPlane", "localAPIEndpoint"])
    }
    self.document = document
  }

  private static func hashes(_ arguments: Arguments) throws(ArgumentError) -> Value? {
    guard arguments.isGiven("ca_cert_hashes") else { return nil }
    if arguments.isUnknown("ca_cert_hashes") { return ["(known after apply)"] }
    let hashes = try arguments.strings("ca_cert_hashes") ?? []
    for hash in hashes where !hash.hasPrefix("sha256:") || hash.count != 71 {
      throw ArgumentError(
        argument: "ca_cert_hashes", "`\(hash)` is no hash of a CA: `sha256:` and 64 digits")
    }
    return hashes.isEmpty ? nil : .strings(hashes)
  }

  package var probe: Probe<KubeadmNode> {
    Probe<KubeadmNode>(KubeadmNode.query(name: registration.nodeName))
  }

  package var waiting: Waiting? { KubeadmRun.waiting }

  package func diff(from current: KubeadmNode) -> Change {
    var result: OrderedDictionary<String, Value> = ["node_name": .string(current.name)]
    if current.isBusy {
      return Change(result: result, waitsFor: "the kubeadm that an earlier run began to end")
    }
    if current.isJoined {
      if isControlPlane, !current.isControlPlane {
        return .failed(
          "this host has joined a cluster as a worker; "
            + "`kubeadm reset` it before it can be a control plane", result: result)
      }
      return .satisfied(result)
    }
    if hasComeToItsEnd(current) { return forgetting(result) }
    if let refusal = refusal(to: current) { return .failed(refusal, result: result) }
    guard let version = current.version else { return .failed("kubeadm isn't installed") }
    guard let form = version.configuration else {
      return .failed("kubeadm \(version.text) is too old; 1.15 or newer is needed")
    }
    result["version"] = .string(version.text)
    let run = joining(version, form)
    let role = isControlPlane ? "control plane" : "worker"
    let mending = current.isTouched ? mending(current) : []
    return Change(
      differences: [
        Difference(
          "node \(current.name)",
          .attribute(
            before: current.isTouched ? "half joined" : "not joined", after: "joined as \(role)"))
      ],
      actions: mending + [run.action(summary: "kubeadm join as \(role)")],
      reason: current.isTouched ? "an earlier join broke off" : "the host hasn't joined a cluster",
      result: result
    ) { outputs in
      guard let output = outputs.last, output.status != 0 else { return Completion() }
      if outputs.count <= mending.count {
        return Completion(
          failure: "what an earlier join left can't be removed: \(output.complaint)")
      }
      return Completion(failure: KubeadmRun.failure(of: output, verb: "join"))
    }
  }

  /// Whether the join did all there is to do, though it couldn't say so any more.
  private func hasComeToItsEnd(_ current: KubeadmNode) -> Bool {
    guard current.unfinished != nil, current.hasAllOfAJoin, current.isRegistered else {
      return false
    }
    return isControlPlane ? current.isControlPlane && current.isLabelled : !current.isControlPlane
  }

  private func forgetting(_ result: OrderedDictionary<String, Value>) -> Change {
    let mark = KubeadmNode.mark
    return Change(
      actions: [Action(.remove(path: mark), touches: [.path(mark)], summary: "remove \(mark)")],
      reason: "the join came to its end after all", result: result, counts: false)
  }

  private func joining(
    _ version: KubeadmVersion, _ form: KubeadmConfigurationVersion
  ) -> KubeadmRun {
    var document = document
    registration.fill(&document, for: version)
    return KubeadmRun(
      "join", options: registration.options(for: version), configuration: [document].text(for: form)
    )
  }

  /// Why a host on which something broke off can't be mended without people.
  private func refusal(to current: KubeadmNode) -> String? {
    if current.unfinished == "init", current.isTouched, !current.files.isEmpty {
      return "an init broke off on this host, so it may hold a cluster; "
        + "finish the init, or `kubeadm reset` the host"
    }
    if current.files.contains("manifests/etcd.yaml"), controlPlaneHost == nil {
      return "a join broke off on this host, and its etcd may be a member of the cluster; "
        + "give `control_plane_host`, by which it can be removed, or `kubeadm reset` the host"
    }
    return nil
  }

  /// Takes back what a join has done that broke off.
  ///
  /// First what the cluster knows of it, by a plane that is well: where the cluster doesn't answer,
  /// the host isn't touched, for it may then be one that the cluster needs.
  private func mending(_ current: KubeadmNode) -> [Action] {
    var actions: [Action] = []
    if let controlPlaneHost {
      var addresses = current.addresses
      if let address = registration.advertiseAddress, !addresses.contains(address) {
        addresses.insert(address, at: 0)
      }
      let stale = StaleMember(name: current.name, addresses: addresses)
      actions.append(stale.removal(on: controlPlaneHost, isControlPlane: isControlPlane))
    }
    let socket = registration.criSocket.map { " --cri-socket=\(Shell.quote($0))" } ?? ""
    let script = """
      kubeadm reset -f\(socket) || exit
      if [ -e /etc/kubernetes/kubelet.conf ]; then
      echo 'kubeadm reset left /etc/kubernetes/kubelet.conf' >&2; exit 1; fi
      """
    actions.append(
      Action(.run(Command(script)), touches: KubeadmRun.touched, summary: "kubeadm reset"))
    return actions
  }
}
