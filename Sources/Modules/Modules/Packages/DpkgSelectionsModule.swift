package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Holds packages at their version, or lets them go.
package struct DpkgSelectionsModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "dpkg_selections", summary: "Sets what dpkg shall do with a package, such as `hold`.",
    arguments: [
      ArgumentSpecification("name", .string, "The package.", isRequired: true),
      ArgumentSpecification(
        "selection", .string, "What shall be done.", isRequired: true,
        choices: ["install", "hold", "deinstall", "purge"]),
    ], results: [("before", "The selection before."), ("after", "The selection after.")],
    example: """
      - name: Upgrades of kubeadm are decided by people
        ansible.builtin.dpkg_selections:
          name: kubeadm
          selection: hold
      """)

  private let name: String
  private let selection: String

  package init(_ arguments: Arguments) throws(ArgumentError) {
    name = try arguments.requiredString("name")
    selection = try arguments.requiredString("selection")
    guard let request = PackageRequest(name), request.version == nil else {
      throw ArgumentError(argument: "name", "`\(name)` is no package's name")
    }
  }

  package var probe: Probe<String> {
    let word = Shell.quote(name)
    return Probe(
      Query("dpkg --get-selections \(word) 2>/dev/null; exit 0", about: [.package(name)]) {
        (output) throws(HostError) in
        // `NAME[:ARCHITECTURE]\tSELECTION`
        output.text.split(separator: "\n").first?.split(whereSeparator: \.isWhitespace).last
          .map(String.init) ?? "not present"
      })
  }

  package func diff(from current: String) -> Change {
    let result: OrderedDictionary<String, Value> = [
      "before": .string(current), "after": .string(selection),
    ]
    if current == selection { return .satisfied(result) }
    if current == "not present" {
      return .failed("Failed to find package '\(name)' to perform selection '\(selection)'.")
    }
    let script = "printf '%s %s\\n' \(Shell.words([name, selection])) | dpkg --set-selections"
    return Change(
      differences: [
        Difference("selection of \(name)", .attribute(before: current, after: selection))
      ],
      actions: [
        Action(
          .run(Command(script)), touches: [.package(name)],
          summary: "select \(name) for \(selection)")
      ], reason: "the selection differs", result: result)
  }
}
