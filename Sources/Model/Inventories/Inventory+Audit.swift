package import Diagnostics
internal import OrderedCollections

extension Inventory {
  /// All sets of variables, with whose they are, in words: `the group web`.
  package var allVariableSets: [(owner: String, isGroup: Bool, set: VariableSet)] {
    let ofGroups = groups.values.flatMap { group in
      group.variables.map { ("the group `\(group.name)`", true, $0) }
    }
    let ofHosts = hosts.values.flatMap { host in
      host.variables.map { ("the host `\(host.name)`", false, $0) }
    }
    return ofGroups + ofHosts
  }

  /// The groups or hosts that files of variables are for and that aren't there.
  package func unusedVariables(
    ofGroups: Bool
  ) -> [(name: String, range: SourceRange)] {
    let sets = ofGroups ? reserved.groups : reserved.hosts
    return sets.compactMap { name, sets in sets.first.map { (name, $0.range) } }
      .sorted { bytewise($0.name, $1.name) }
  }
}
