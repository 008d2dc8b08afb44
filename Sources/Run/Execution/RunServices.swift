internal import Hosts
internal import ModuleKit
internal import Templates

/// What every step of a run uses.
struct RunServices: Sendable {
  let registry: ModuleRegistry
  let pool: ConnectionPool
  let options: RunOptions
  let redactor: Redactor
  let reporter: any Reporter
  let facts: FactGatherer
  let warnings = StepWarnings()
  /// Files and lookups as a task at this place sees them.
  let files: @Sendable (FileSearch, Scope) -> any ControllerFiles
}
