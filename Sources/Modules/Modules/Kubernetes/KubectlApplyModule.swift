package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Brings objects of a Kubernetes cluster to what manifests say, by server-side apply.
package struct KubectlApplyModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "kubectl_apply", summary: "Brings objects of a cluster to what manifests say.",
    notes: [
      "Compares with `kubectl diff --server-side` and applies on the server, so that only fields "
        + "that the manifest has are compared and owned.",
      "A manifest that brings a namespace or a kind of object together with objects of it can't be "
        + "compared before they are there; it is planned as a whole.",
    ],
    arguments: [
      ArgumentSpecification("src", .path, "A file of manifests, under `files/`."),
      ArgumentSpecification("content", .string, "Manifests as text.", acceptsUnknown: true),
      ArgumentSpecification(
        "definition", .any, "An object or a list of objects.", acceptsUnknown: true),
      ArgumentSpecification("url", .string, "A URL that the host fetches manifests from."),
      ArgumentSpecification(
        "kubeconfig", .path, "The file that says how to reach the cluster.",
        default: "/etc/kubernetes/admin.conf"),
      ArgumentSpecification("namespace", .string, "Namespace of objects that name none."),
      ArgumentSpecification(
        "field_manager", .string, "Who owns the fields.", default: "orchestrate"),
      ArgumentSpecification(
        "force_conflicts", .boolean, "Take fields over that others own.", default: false),
    ],
    results: [("objects", "The objects that differ.")],
    example: """
      - name: Install the network
        orchestrate.kubectl_apply:
          src: flannel.yml
        run_once: true
      """)

  private let manifest: KubectlManifest
  private let kubeconfig: String
  private let namespace: String?
  private let manager: String
  private let forces: Bool

  package init(_ arguments: Arguments) throws(ArgumentError) {
    manifest = try KubectlManifest(arguments)
    kubeconfig = try arguments.string("kubeconfig") ?? "/etc/kubernetes/admin.conf"
    namespace = try arguments.string("namespace")
    manager = try arguments.string("field_manager") ?? "orchestrate"
    forces = try arguments.boolean("force_conflicts") ?? false
  }

  /// A kubectl command line that reads our manifest.
  private func line(_ verb: String) -> String {
    var words = [
      "kubectl", "--kubeconfig=\(kubeconfig)", verb, "--server-side", "--field-manager=\(manager)",
    ]
    if forces { words.append("--force-conflicts") }
    if let namespace { words.append("--namespace=\(namespace)") }
    return Shell.words(words + ["-f", manifest.word])
  }

  package var probe: Probe<KubectlDiff> {
    if manifest.isUnknown { return Probe(KubectlDiff()) }
    var input = ""
    if let text = manifest.text {
      var end = "ORCHESTRATE_END"
      while text.contains(end) { end += "_" }
      input = " <<'\(end)'\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(end)"
    }
    // A manifest on standard input is in no process list and no file.
    let script = """
      command -v kubectl >/dev/null || { echo 'kubectl is not installed' >&2; exit 9; }
      unset KUBECTL_EXTERNAL_DIFF; LC_ALL=C \(line("diff"))\(input)
      """
    let subjects: [Subject] = [
      .cluster, .package("kubectl"), .path(kubeconfig), .path("/usr/bin/kubectl"),
    ]
    return Probe(
      Query(script, about: subjects) { (output) throws(HostError) in KubectlDiff(answer: output) })
  }

  package func diff(from current: KubectlDiff) -> Change {
    if let complaint = current.complaint, !current.lacksSomething {
      return .failed("kubectl diff failed: \(manifest.isSecret ? "(secret)" : complaint)")
    }
    let names = current.objects.map(\.name)
    let result: OrderedDictionary<String, Value> = ["objects": .strings(names)]
    if names.isEmpty, !current.lacksSomething, !manifest.isUnknown { return .satisfied(result) }
    var differences = current.differences(isSecret: manifest.isSecret)
    if current.lacksSomething || manifest.isUnknown {
      differences.append(
        Difference("objects of the manifest", .attribute(before: "absent", after: "applied")))
    }
    let summary = names.isEmpty ? "the manifest" : names.joined(separator: ", ")
    return Change(
      differences: differences,
      actions: [
        Action(
          .run(Command(applyScript, standardInput: manifest.text.map { Array($0.utf8) })),
          touches: [.cluster], summary: "kubectl apply \(summary)".firstLine)
      ], reason: names.isEmpty ? "objects are absent" : "\(names.count) objects differ",
      result: result
    ) { outputs in
      guard let output = outputs.last, output.status != 0 else { return Completion() }
      return Completion(failure: "kubectl apply failed: \(output.complaint)")
    }
  }

  /// Applies, and again where a kind that the manifest itself brings isn't established yet.
  private var applyScript: String {
    """
    m=$(cat; echo .); m=${m%.}; n=1
    while :; do
    o=$(printf '%s' "$m" | LC_ALL=C \(line("apply")) 2>&1); s=$?
    if [ $s = 0 ] || [ $n -ge 6 ]; then break; fi
    case $o in *'no matches for kind'*|*'namespaces "'*'not found'*) ;; *) break;; esac
    n=$((n + 1)); sleep 2
    done
    if [ $s = 0 ]; then printf '%s\\n' "$o"; else printf '%s\\n' "$o" >&2; fi; exit $s
    """
  }
}
