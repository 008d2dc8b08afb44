package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Adds a host to the inventory of the run.
package struct AddHostModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "add_host", summary: "Adds a host, with groups and variables, to the run's inventory.",
    arguments: [
      ArgumentSpecification(
        "name", .string, "The host's name, with `:PORT` where it isn't 22.", isRequired: true,
        aliases: ["hostname", "host"]),
      ArgumentSpecification(
        "groups", .list, "Groups to put it in.", aliases: ["groupname", "group"]),
    ], results: [("add_host", "Name, groups and variables of the host.")],
    example: """
      - name: Add the machine that was just made
        ansible.builtin.add_host:
          name: bay_plane4
          groups: planes_all
          ansible_host: 192.0.2.14
      """, isControllerOnly: true, takesFurtherArguments: true)

  private let name: String
  private let groups: [String]
  private let variables: OrderedDictionary<String, Value>

  package init(_ arguments: Arguments) throws(ArgumentError) {
    var name = try arguments.requiredString("name")
    var variables = arguments.further
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 2, let port = Int(parts[1]) {
      name = String(parts[0])
      if variables["ansible_port"] == nil { variables["ansible_port"] = .int(port) }
    }
    self.name = name
    self.variables = variables
    groups = try arguments.strings("groups") ?? []
  }

  package var probe: Probe<Void> { Probe(()) }

  package func diff(from current: Void) -> Change {
    Change(
      result: [
        "add_host": [
          "host_name": .string(name), "groups": .strings(groups), "host_vars": .object(variables),
        ]
      ],
      effects: [.addHost(name: name, groups: groups, variables: variables)])
  }
}
