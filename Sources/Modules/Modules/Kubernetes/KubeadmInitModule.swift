package import Hosts
package import ModuleKit
internal import OrderedCollections
package import Values

/// Makes the first control plane of a cluster.
package struct KubeadmInitModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "kubeadm_init", summary: "Makes the first control plane of a Kubernetes cluster.",
    notes: [
      "The configuration's version follows from the installed kubeadm. Keys and tokens go to it on "
        + "standard input: they are in no file, no process list and no output.",
      "A host that is initialised is left alone. An init that broke off is taken up again; nothing "
        + "that etcd holds is removed.",
      "kubeadm goes on where the connection breaks; the next run waits for it to end.",
    ],
    arguments: [
      ArgumentSpecification(
        "control_plane_endpoint", .string,
        "`ADDRESS:PORT` by which all reach the control planes: the virtual IP's."),
      ArgumentSpecification("cluster", .dictionary, "Fields of ClusterConfiguration."),
      ArgumentSpecification("init", .dictionary, "Fields of InitConfiguration."),
      ArgumentSpecification("kubelet", .dictionary, "Fields of KubeletConfiguration."),
      ArgumentSpecification("kube_proxy", .dictionary, "Fields of KubeProxyConfiguration."),
      ArgumentSpecification(
        "token_ttl", .string, "How long the token serves.", default: "2h0m0s"),
      ArgumentSpecification(
        "upload_certs", .boolean,
        "Share the certificates with control planes to come; needs `certificate_key`."),
    ] + KubeadmRun.arguments,
    results: [("node_name", "The node's name."), ("version", "kubeadm's version.")],
    example: """
      - name: Make the first control plane
        orchestrate.kubeadm_init:
          control_plane_endpoint: "{{ vip }}:6443"
          advertise_address: "{{ ansible_host }}"
          certificate_key: "{{ lookup('orchestrate.run_secret', 'certificate_key') }}"
          cluster:
            networking: {podSubnet: 10.244.0.0/16}
      """)

  private let registration: KubeadmRegistration
  private let documents: [KubeadmDocument]
  private let uploadsCertificates: Bool
  private let certificateKey: String?
  private let token: String?
  private let tokenLifetime: String

  package init(_ arguments: Arguments) throws(ArgumentError) {
    registration = try KubeadmRegistration(arguments)
    certificateKey = try KubeadmSecret.certificateKey(arguments)
    token = try KubeadmSecret.token(arguments)
    tokenLifetime = try arguments.string("token_ttl") ?? "2h0m0s"
    uploadsCertificates =
      try arguments.boolean("upload_certs") ?? (certificateKey != nil)
    if uploadsCertificates, certificateKey == nil {
      throw ArgumentError(
        argument: "certificate_key", "`upload_certs` needs a `certificate_key`",
        help: "without one kubeadm would make one and print it")
    }
    var documents: [KubeadmDocument] = []
    for (name, kind) in [
      ("init", "InitConfiguration"), ("cluster", "ClusterConfiguration"),
      ("kubelet", "KubeletConfiguration"), ("kube_proxy", "KubeProxyConfiguration"),
    ] {
      let fields = try arguments.dictionary(name)
      if fields != nil || name == "init" || name == "cluster" {
        documents.append(KubeadmDocument(kind, fields ?? [:]))
      }
    }
    if let endpoint = try arguments.string("control_plane_endpoint") {
      documents[1].setDefault(["controlPlaneEndpoint"], .string(endpoint))
    }
    self.documents = documents
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
    if current.isInitialised { return .satisfied(result) }
    if current.files.contains("kubelet.conf"), !current.isControlPlane, current.unfinished == nil {
      return .failed(
        "this host has joined a cluster as a worker; `kubeadm reset` it before it can be a control plane"
      )
    }
    guard let version = current.version else {
      return .failed("kubeadm isn't installed")
    }
    guard let form = version.configuration else {
      return .failed("kubeadm \(version.text) is too old; 1.15 or newer is needed")
    }
    result["version"] = .string(version.text)
    let run = KubeadmRun(
      "init", options: options(for: version, resuming: current.isTouched),
      configuration: configuration(for: version).text(for: form))
    return Change(
      differences: [
        Difference(
          "cluster",
          .attribute(
            before: current.isTouched ? "half initialised" : "absent",
            after: "initialised by kubeadm \(version.text)"))
      ],
      actions: [
        run.action(summary: current.isTouched ? "kubeadm init, taken up again" : "kubeadm init")
      ],
      reason: current.isTouched ? "an earlier init broke off" : "no cluster is on this host",
      result: result
    ) { outputs in
      guard let output = outputs.last, output.status != 0 else { return Completion() }
      return Completion(failure: KubeadmRun.failure(of: output, verb: "init"))
    }
  }

  /// The documents with our own fields put in.
  private func configuration(for version: KubeadmVersion) -> [KubeadmDocument] {
    var documents = documents
    registration.fill(&documents[0], for: version)
    registration.fillEndpoint(&documents[0], at: ["localAPIEndpoint"])
    documents[0].setDefault(["certificateKey"], certificateKey.map { .string($0) })
    if let token {
      documents[0].setDefault(
        ["bootstrapTokens"], KubeadmSecret.bootstrapTokens(token, lifetime: tokenLifetime))
    }
    // Without a version kubeadm asks the network for the newest.
    documents[1].setDefault(["kubernetesVersion"], .string(version.text))
    return documents
  }

  private func options(for version: KubeadmVersion, resuming: Bool) -> [String] {
    // What an init that broke off has left is reused; kubeadm's phases allow that.
    let port = registration.bindPort ?? 6443
    let leftovers = [
      "FileAvailable--etc-kubernetes-manifests-kube-apiserver.yaml",
      "FileAvailable--etc-kubernetes-manifests-kube-controller-manager.yaml",
      "FileAvailable--etc-kubernetes-manifests-kube-scheduler.yaml",
      "FileAvailable--etc-kubernetes-manifests-etcd.yaml", "DirAvailable--var-lib-etcd",
      "Port-\(port)", "Port-10259", "Port-10257", "Port-10250", "Port-2379", "Port-2380",
    ]
    var options = registration.options(for: version, ignoring: resuming ? leftovers : [])
    options += ["--skip-token-print", "--skip-certificate-key-print"]
    if uploadsCertificates { options.append("--upload-certs") }
    return options
  }
}

extension KubeadmSecret {
  /// A token as InitConfiguration has it, with what joining nodes need of it.
  package static func bootstrapTokens(_ token: String, lifetime: String) -> Value {
    [
      [
        "token": .string(token), "ttl": .string(lifetime),
        "usages": ["signing", "authentication"],
        "groups": ["system:bootstrappers:kubeadm:default-node-token"],
      ]
    ]
  }
}
