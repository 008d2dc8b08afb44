import Diagnostics
import Documents
import Execution
import Glibc
import Graphs
import Hosts
import Labs
import ModuleKit
import Modules
import OrderedCollections
import Planning
import Playbooks
import Reports
import Settings
import Transports
import Values
import Variables

/// A run from its arguments to its exit status: read, build, connect, walk, report.
struct RunSession {
  let arguments: RunArguments
  let mode: RunMode

  static func execute(_ arguments: RunArguments, mode: RunMode) async -> ExitStatus {
    do throws(Diagnostics) {
      return try await RunSession(arguments: arguments, mode: mode).run()
    } catch {
      for diagnostic in error.all { Controller.show(diagnostic) }
      return .failure
    }
  }

  private func run() async throws(Diagnostics) -> ExitStatus {
    ProcessLimits.prepare()
    let controller = try Controller(arguments.inventory, playbook: arguments.playbook)
    var defaults = try arguments.connection.defaults(over: controller.settings)
    let compiler = try PlaybookCompiler(arguments, controller)
    let lab = try enterLab(controller, defaults)
    defer { lab?.leave() }
    defaults.lab = lab?.access
    let store = controller.store(context(controller), defaults)
    let graph = try compiler.compile(for: store, controller)
    let executor = executor(graph, compiler, store, controller)
    let walk = Task { await executor.run() }
    let interrupts = Interrupts { walk.cancel() }
    let summary = await walk.value
    withExtendedLifetime(interrupts) {}
    return ExitStatus(summary)
  }

  private func executor(
    _ graph: TaskGraph, _ compiler: PlaybookCompiler, _ store: RunStore, _ controller: Controller
  ) -> Executor {
    var options = RunOptions(mode: mode)
    options.forks = forks(controller)
    options.verbosity = arguments.verbosity
    let passwords = controller.reader.passwords
    let large = LargeFiles()
    return Executor(
      graph: graph, builder: compiler.builder(for: store), options: options,
      registry: ShippedModules.registry,
      connector: Connector(transportOptions(controller.settings)),
      reporter: recording(reporter(), controller), redactor: controller.redactor, variables: store,
      includes: PlaybookIncludes(
        compiler.reader, playFolder: Controller.folder(of: arguments.playbook))
    ) { search, scope in
      TaskFiles(search: search, scope: scope, passwords: passwords, large: large)
    }
  }

  /// The command line's over `ansible.cfg`'s over our own.
  private func forks(_ controller: Controller) -> Int {
    arguments.forks ?? controller.settings.forks ?? RunOptions(mode: mode).forks
  }

  private func transportOptions(_ settings: Settings) -> TransportOptions {
    var options = TransportOptions()
    if let retries = settings.retries { options.retries = retries }
    options.askForPassphrase = { Prompt.line("Passphrase for \($0): ", isPrivate: true) }
    return options
  }

  /// Keeps an apply's times beside what is shown: `graph --critical-path` reads them.
  private func recording(_ reporter: any Reporter, _ controller: Controller) -> any Reporter {
    guard mode == .apply,
      let path = RunRecord.path(playbook: arguments.playbook, sources: controller.sources)
    else { return reporter }
    return StepTimeRecorder(reporter) { RunRecord.save($0, to: path) }
  }

  private func reporter() -> any Reporter {
    if arguments.isJSON { return JSONReporter { TextFile.standardOutput($0) } }
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let wantsColour = isTerminal && !arguments.hasNoColour && getenv("NO_COLOR") == nil
    return TextReporter(
      mode: mode, style: Style(hasColour: wantsColour), verbosity: arguments.verbosity,
      showsDifferences: arguments.showsDifferences,
      isTerminal: isTerminal && getenv("TERM").map { String(cString: $0) } != "dumb"
    ) { TextFile.standardOutput($0) }
  }

  private func context(_ controller: Controller) -> RunContext {
    var context = RunContext(
      playbookFolder: Controller.absolute(Controller.folder(of: arguments.playbook)),
      workingFolder: Controller.absolute("."))
    context.isCheckMode = mode == .plan
    context.isDiffMode = arguments.showsDifferences
    context.limit = arguments.inventory.limit
    context.tags = arguments.tags.isEmpty ? ["all"] : arguments.tags
    context.skippedTags = arguments.skipTags
    context.forks = forks(controller)
    context.verbosity = arguments.verbosity
    return context
  }

  private func enterLab(
    _ controller: Controller, _ defaults: ConnectionDefaults
  ) throws(Diagnostics) -> LabSession? {
    guard arguments.usesLab else { return nil }
    let store = controller.store(context(controller), defaults)
    let specification = try LabSpecification(of: store, source: controller.sources[0])
    do throws(LabError) { return try LabSession.enter(specification) } catch {
      throw Diagnostics(Diagnostic(.error, "the lab: \(error)"))
    }
  }
}
