package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Sets a host's name.
package struct HostnameModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "hostname", summary: "Sets the host's name, now and for the next start.",
    arguments: [
      ArgumentSpecification("name", .string, "The name.", isRequired: true),
      ArgumentSpecification(
        "use", .string, "How names are set; it is found out.",
        choices: ["systemd", "debian", "generic"]),
    ], results: [("name", "The name.")],
    example: """
      - name: Name the host as the inventory does
        ansible.builtin.hostname:
          name: "{{ inventory_hostname | replace('_', '-') }}"
      """)

  private let name: String

  package init(_ arguments: Arguments) throws(ArgumentError) {
    name = try arguments.requiredString("name")
    let isValid = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
        || $0 == 45 || $0 == 46
    }
    if name.isEmpty || name.utf8.count > 64 || !isValid || name.hasPrefix("-") {
      throw ArgumentError(
        argument: "name", "`\(name)` is no host name",
        help: "a host name has letters, digits, `-` and `.` only, 64 of them at the most")
    }
  }

  /// The kernel's name, and the one that the next start will take.
  package struct State: Hashable, Sendable {
    package var current: String
    package var permanent: String
  }

  package var probe: Probe<State> {
    Probe(
      Query(
        "cat /proc/sys/kernel/hostname; cat /etc/hostname 2>/dev/null; exit 0",
        about: [.hostname, .path("/etc/hostname")]
      ) { (output) throws(HostError) in
        let lines = output.text.split(separator: "\n").map { String($0).trimmed }
        // Comments may stand in /etc/hostname.
        let permanent = lines.dropFirst().first { !$0.hasPrefix("#") }
        return State(current: lines.first ?? "", permanent: permanent ?? "")
      })
  }

  package func diff(from current: State) -> Change {
    let result: OrderedDictionary<String, Value> = ["name": .string(name)]
    if current.current == name, current.permanent == name { return .satisfied(result) }
    var differences: [Difference] = []
    if current.current != name {
      differences.append(
        Difference("hostname", .attribute(before: current.current, after: name)))
    }
    if current.permanent != name {
      differences.append(
        Difference("/etc/hostname", .attribute(before: current.permanent, after: name)))
    }
    let word = Shell.quote(name)
    let script = """
      if [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null \\
      && hostnamectl --no-ask-password set-hostname \(word) 2>/dev/null \\
      && [ "$(cat /proc/sys/kernel/hostname)" = \(word) ]; then exit 0; fi
      printf '%s\\n' \(word) > /etc/hostname && hostname \(word)
      """
    return Change(
      differences: differences,
      actions: [
        Action(
          .run(Command(script)), touches: [.hostname, .path("/etc/hostname")],
          summary: "set the host's name to \(name)")
      ], reason: "the name differs", result: result)
  }
}
