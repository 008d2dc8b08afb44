package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Adds and removes groups.
package struct GroupModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "group", summary: "Adds and removes groups of users.",
    arguments: [
      ArgumentSpecification("name", .string, "The group.", isRequired: true),
      ArgumentSpecification(
        "state", .string, "Whether it shall be there.", default: "present",
        choices: ["present", "absent"]),
      ArgumentSpecification("gid", .integer, "Its number."),
      ArgumentSpecification("system", .boolean, "A new one is a system group.", default: false),
      ArgumentSpecification(
        "non_unique", .boolean, "Another group may have the number, too.", default: false),
      ArgumentSpecification(
        "force", .boolean, "Remove it though it is a user's first group.", default: false),
    ], results: [("name", "The group."), ("gid", "Its number."), ("state", "What it shall be.")],
    example: """
      - name: A group for those who may ask HAProxy
        ansible.builtin.group:
          name: haproxy-admin
          system: true
      """)

  private let name: String
  private let isPresent: Bool
  private let number: Int?
  private let options: [String]
  private let removalOptions: [String]

  package init(_ arguments: Arguments) throws(ArgumentError) {
    name = try arguments.requiredString("name")
    isPresent = try arguments.string("state") != "absent"
    number = try arguments.integer("gid")
    var options: [String] = []
    if try arguments.boolean("system") ?? false { options.append("-r") }
    if try arguments.boolean("non_unique") ?? false { options.append("-o") }
    self.options = options
    removalOptions = try arguments.boolean("force") ?? false ? ["-f"] : []
    if name.isEmpty || name.hasPrefix("-") || name.contains(where: { ":\n ".contains($0) }) {
      throw ArgumentError(argument: "name", "`\(name)` is no group's name")
    }
  }

  /// The number of the group; nil where there is none.
  package var probe: Probe<Int?> {
    let subjects: [Subject] = [.group(name), .path("/etc/group")]
    return Probe(
      Query<Int?>("getent group -- \(Shell.quote(name)); exit 0", about: subjects) {
        (output) throws(HostError) in
        let fields = output.text.trimmed.split(separator: ":", omittingEmptySubsequences: false)
        return fields.count > 2 ? Int(fields[2]) : nil
      })
  }

  package func diff(from current: Int?) -> Change {
    var result: OrderedDictionary<String, Value> = [
      "name": .string(name), "state": .string(isPresent ? "present" : "absent"),
    ]
    if isPresent {
      result["system"] = .bool(options.contains("-r"))
      if let gid = number ?? current { result["gid"] = .int(gid) }
    }
    switch (isPresent, current) {
    case (true, nil):
      let words = ["groupadd"] + options + (number.map { ["-g", String($0)] } ?? [])
      return change(words, "absent", "present", result)
    case (true, let gid?):
      guard let number, number != gid else { return .satisfied(result) }
      let words = ["groupmod", "-g", String(number)] + options.filter { $0 == "-o" }
      return change(words, "gid \(gid)", "gid \(number)", result)
    case (false, _?): return change(["groupdel"] + removalOptions, "present", "absent", result)
    case (false, nil): return .satisfied(result)
    }
  }

  private func change(
    _ words: [String], _ before: String, _ after: String, _ result: OrderedDictionary<String, Value>
  ) -> Change {
    let words = words + [name]
    return Change(
      differences: [Difference("group \(name)", .attribute(before: before, after: after))],
      actions: [
        Action(
          .run(Command(Shell.words(words))), touches: [.group(name), .path("/etc/group")],
          summary: words.joined(separator: " "))
      ], reason: "the group is \(before)", result: result)
  }
}
