package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Sets variables of a host for the rest of the run.
package struct SetFactModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "set_fact", summary: "Sets variables of the host for the rest of the run.",
    arguments: [
      ArgumentSpecification(
        "cacheable", .boolean, "Make them facts as well, so that a fact cache keeps them.",
        default: false)
    ], results: [("ansible_facts", "The variables.")],
    example: """
      - name: Remember the first control plane
        ansible.builtin.set_fact:
          first_plane: "{{ groups['planes_all'] | first }}"
      """, isControllerOnly: true, takesFurtherArguments: true)

  private let variables: OrderedDictionary<String, Value>
  private let isCacheable: Bool

  package init(_ arguments: Arguments) throws(ArgumentError) {
    variables = arguments.further
    isCacheable = try arguments.boolean("cacheable") ?? false
    if variables.isEmpty {
      throw ArgumentError("no variables given", help: "write `NAME: VALUE` under `set_fact:`")
    }
    for name in variables.keys where !name.isVariableName {
      throw ArgumentError(
        argument: name, "the variable name `\(name)` is not valid",
        help: "variables begin with a letter or `_`, and have letters, digits and `_` only")
    }
  }

  package var probe: Probe<Void> { Probe(()) }

  package func diff(from current: Void) -> Change {
    Change(
      result: ["ansible_facts": .object(variables)],
      effects: [.variables(variables, isCacheable: isCacheable)])
  }
}

extension String {
  /// Whether a variable can have this name: a letter or `_`, then letters, digits and `_`.
  package var isVariableName: Bool {
    guard let first = utf8.first, !(48...57).contains(first) else { return false }
    return utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
    }
  }
}
