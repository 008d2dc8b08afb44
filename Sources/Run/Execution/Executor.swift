internal import Graphs
package import Hosts
package import ModuleKit
internal import OrderedCollections
package import Planning
package import Templates

/// Walks a task graph: one walk for plan and apply.
///
/// What it keeps lives in local state of one task; steps run in child tasks, get values, and give
/// values back.
package struct Executor: Sendable {
  package var graph: TaskGraph
  package var builder: GraphBuilder
  package var options: RunOptions
  package var registry: ModuleRegistry
  package var connector: any HostConnector
  package var reporter: any Reporter
  package var redactor: Redactor
  package var variables: any RunVariablesStore
  /// Reads what an include names; throws diagnostics about it.
  package var includes: any IncludeReader
  package var files: @Sendable (FileSearch, Scope) -> any ControllerFiles

  package init(
    graph: TaskGraph, builder: GraphBuilder, options: RunOptions, registry: ModuleRegistry,
    connector: any HostConnector, reporter: any Reporter, redactor: Redactor,
    variables: any RunVariablesStore, includes: any IncludeReader,
    files: @escaping @Sendable (FileSearch, Scope) -> any ControllerFiles
  ) {
    self.graph = graph
    self.builder = builder
    self.options = options
    self.registry = registry
    self.connector = connector
    self.reporter = reporter
    self.redactor = redactor
    self.variables = variables
    self.includes = includes
    self.files = files
  }

  /// Runs to the end, or until the task is cancelled; connections are closed either way.
  package func run() async -> RunSummary {
    let pool = ConnectionPool(connector)
    let services = RunServices(
      registry: registry, pool: pool, options: options, redactor: redactor, reporter: reporter,
      facts: FactGatherer(self), files: files)
    var walk = Walk(executor: self, services: services)
    let summary = await walk.run()
    await pool.closeAll()
    await reporter.receive(.ended(summary))
    return summary
  }
}
