package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Mints, on a control plane, what hosts need to join.
package struct KubeadmCredentialsModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "kubeadm_credentials",
    summary: "Makes a control plane ready for joins: uploads certificates, creates a token.",
    notes: [
      "Run it on one control plane, and only where a host still has to join. Key and token are "
        + "ours; they go to kubeadm on standard input and aren't part of the result.",
      "kubeadm removes the uploaded certificates two hours later; this uploads them anew.",
    ],
    arguments: [
      ArgumentSpecification(
        "certificate_key", .string,
        "Encrypts the certificates; without it none are uploaded, and only workers can join.",
        isSecret: true, acceptsUnknown: true),
      ArgumentSpecification(
        "token", .string, "The bootstrap token to create.", isRequired: true, isSecret: true,
        acceptsUnknown: true),
      ArgumentSpecification(
        "token_ttl", .string, "How long the token serves.", default: "2h0m0s"),
      ArgumentSpecification("cri_socket", .string, "The container runtime's socket."),
    ],
    results: [("ca_cert_hashes", "What joining hosts know the cluster's CA by.")],
    example: """
      - name: Make ready for joins
        orchestrate.kubeadm_credentials:
          certificate_key: "{{ lookup('orchestrate.run_secret', 'certificate_key') }}"
          token: "{{ lookup('orchestrate.run_secret', 'token') }}"
        register: credentials
        run_once: true
        delegate_to: "{{ groups['planes_all'] | first }}"
      """)

  private let certificateKey: String?
  private let token: String
  private let lifetime: String
  private let criSocket: String?

  package init(_ arguments: Arguments) throws(ArgumentError) {
    certificateKey = try KubeadmSecret.certificateKey(arguments)
    guard let token = try KubeadmSecret.token(arguments) else {
      throw arguments.mismatch("token", "a bootstrap token")
    }
    self.token = token
    lifetime = try arguments.string("token_ttl") ?? "2h0m0s"
    criSocket = try arguments.string("cri_socket")
  }

  package struct State: Hashable, Sendable {
    package var hasAdministration: Bool
    package var certificate: String
    package var version: KubeadmVersion?
  }

  package var probe: Probe<State> {
    let script = """
      [ -e /etc/kubernetes/admin.conf ] && echo admin
      echo "version $(kubeadm version -o short 2>/dev/null)"
      cat /etc/kubernetes/pki/ca.crt 2>/dev/null; exit 0
      """
    let subjects: [Subject] = [.path("/etc/kubernetes"), .package("kubeadm"), .cluster]
    return Probe(
      Query(script, about: subjects) { (output) throws(HostError) in
        let lines = output.text.split(separator: "\n")
        let version = lines.first { $0.hasPrefix("version ") }?.dropFirst("version ".count)
        return State(
          hasAdministration: lines.first == "admin", certificate: output.text,
          version: version.flatMap { KubeadmVersion(String($0)) })
      })
  }

  package func diff(from current: State) -> Change {
    guard let version = current.version, let form = version.configuration else {
      return .failed("kubeadm isn't installed, or is older than 1.15")
    }
    guard current.hasAdministration else {
      return .failed("this host is no control plane: it has no /etc/kubernetes/admin.conf")
    }
    guard let pin = CertificatePin.sha256(ofPEM: current.certificate) else {
      return .failed("can't read the cluster's CA, /etc/kubernetes/pki/ca.crt")
    }
    var actions: [Action] = []
    let configuration = documents(for: version).text(for: form)
    if certificateKey != nil {
      actions.append(
        action(
          "kubeadm init phase upload-certs --upload-certs --skip-certificate-key-print "
            + "--config /dev/stdin", configuration, "upload the control planes' certificates"))
    }
    // The token's first half names it, and isn't secret. stdout is the token itself.
    let name = token.split(separator: ".").first.map(String.init) ?? ""
    actions.append(
      action(
        """
        kubeadm token delete \(Shell.quote(name)) </dev/null >/dev/null 2>&1
        kubeadm token create --config /dev/stdin >/dev/null
        """, configuration, "create a bootstrap token"))
    return Change(
      differences: [
        Difference("credentials for joins", .attribute(before: "unknown", after: "(secret)"))
      ], actions: actions, reason: "hosts are to join",
      result: ["ca_cert_hashes": [.string(pin)], "version": .string(version.text)]
    ) { outputs in
      guard let output = outputs.last, output.status != 0 else { return Completion() }
      return Completion(failure: KubeadmRun.failure(of: output, verb: "(credentials)"))
    }
  }

  private func documents(for version: KubeadmVersion) -> [KubeadmDocument] {
    var start = KubeadmDocument("InitConfiguration", [:])
    start.setDefault(["certificateKey"], certificateKey.map { .string($0) })
    start.setDefault(
      ["bootstrapTokens"], KubeadmSecret.bootstrapTokens(token, lifetime: lifetime))
    start.setDefault(["nodeRegistration", "criSocket"], criSocket.map { .string($0) })
    // Without a version kubeadm asks the network for the newest.
    let cluster = KubeadmDocument(
      "ClusterConfiguration", ["kubernetesVersion": .string(version.text)])
    return [start, cluster]
  }

  private func action(_ script: String, _ input: String, _ summary: String) -> Action {
    Action(
      .run(
        Command(
          "export KUBECONFIG=/etc/kubernetes/admin.conf\n" + script,
          standardInput: Array(input.utf8))), touches: [.cluster], summary: summary)
  }
}
