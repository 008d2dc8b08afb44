package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Puts a host in a group that a value names.
package struct GroupByModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "group_by", summary: "Puts the host in the group that a value names.",
    arguments: [
      ArgumentSpecification("key", .string, "The group's name.", isRequired: true),
      ArgumentSpecification(
        "parents", .list, "Groups that the group is put in.", default: ["all"]),
    ],
    results: [("add_group", "The group."), ("parent_groups", "The groups above it.")],
    example: """
      - name: A group for each distribution
        ansible.builtin.group_by:
          key: os_{{ ansible_distribution | lower }}
      """, isControllerOnly: true)

  private let key: String
  private let parents: [String]

  package init(_ arguments: Arguments) throws(ArgumentError) {
    // Ansible makes group names of values by the same rule.
    key = try arguments.requiredString("key").replacing(" ", with: "-")
    parents = (try arguments.strings("parents") ?? []).map { $0.replacing(" ", with: "-") }
  }

  package var probe: Probe<Void> { Probe(()) }

  package func diff(from current: Void) -> Change {
    Change(
      result: ["add_group": .string(key), "parent_groups": .strings(parents)],
      effects: [.groupBy(key: key, parents: parents)])
  }
}
