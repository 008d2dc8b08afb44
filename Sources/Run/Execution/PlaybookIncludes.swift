package import Diagnostics
internal import OrderedCollections
package import Planning
package import Playbooks
internal import Values

/// Reads what `include_tasks` and `include_role` name.
package struct PlaybookIncludes: IncludeReader {
  package let reader: PlaybookReader
  package let playFolder: String

  package init(_ reader: PlaybookReader, playFolder: String) {
    self.reader = reader
    self.playFolder = playFolder
  }

  package func read(
    _ request: IncludeRequest, of task: TaskInstance
  ) throws(Diagnostics) -> IncludedTasks {
    func text(_ names: String...) -> String? {
      for name in names {
        if let value = request.arguments[name] { return value.unmarked().description }
      }
      return nil
    }
    let definition = task.definition
    let inclusion: Inclusion
    if definition.shortAction == "include_tasks" {
      guard let file = text("file", "_raw_params") else {
        throw Diagnostics(
          Diagnostic(
            .error, "`include_tasks` needs a file", at: definition.action.range,
            help: "write `include_tasks: file.yml`"))
      }
      inclusion = try reader.includeTasks(
        file, for: definition, playFolder: playFolder, asHandlers: task.isHandler)
    } else {
      guard let name = text("name", "_raw_params") else {
        throw Diagnostics(
          Diagnostic(
            .error, "`include_role` needs the role's name", at: definition.action.range,
            help: "write `include_role: {name: ROLE}`"))
      }
      var parts = RoleParts()
      for argument in ["tasks_from", "vars_from", "defaults_from", "handlers_from"] {
        if let part = text(argument) { parts.set(argument, to: part) }
      }
      inclusion = try reader.includeRole(
        name, parts: parts, for: definition, playFolder: playFolder)
    }
    let errors = Unsupported.errors(in: inclusion.tasks + inclusion.handlers)
    if !errors.isEmpty { throw Diagnostics(errors) }
    return IncludedTasks(
      tasks: inclusion.tasks, handlers: inclusion.handlers, role: inclusion.role,
      importedRoles: inclusion.importedRoles)
  }
}
