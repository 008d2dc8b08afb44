internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Templates
internal import Values
internal import Variables

/// What a task's place in the playbook gives names to.
extension RunStore {
  /// `environment`, where files are looked for, and the roles that included the task's.
  func magic(of instance: TaskInstance) -> [String: Variable] {
    var magic: [String: Variable] = [
      "environment": .expression(
        .list(instance.keywords.environment, instance.definition.range)),
      "ansible_search_path": .value(.strings(searchPath(of: instance))),
    ]
    let parents = instance.parentRoles
    if !parents.isEmpty {
      magic["ansible_parent_role_names"] = .value(.strings(parents.map(\.name)))
      magic["ansible_parent_role_paths"] = .value(
        .strings(parents.map { context.absolute($0.folder) }))
    }
    return magic
  }

  private func searchPath(of instance: TaskInstance) -> [String] {
    let folders =
      instance.searchedRoles.map(\.folder) + [instance.definition.folder, context.playbookFolder]
    return Array(OrderedSet(folders.map(context.absolute)))
  }
}
