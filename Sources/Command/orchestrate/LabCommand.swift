import ArgumentParser
import Diagnostics
import Execution
import Glibc
import Labs
import Variables

/// `orchestrate lab`: twins of an inventory's hosts, by hand.
struct LabCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab", abstract: "Manage throw-away twins of an inventory's hosts.",
    subcommands: [Up.self, Status.self, SSH.self, Down.self, Prepare.self, Piece.self])

  /// Says what went wrong as a diagnostic.
  static func failing<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as Diagnostics {
      for diagnostic in error.all { Controller.show(diagnostic) }
      throw ExitStatus.failure.exitCode
    } catch let error as LabError {
      Controller.show(Diagnostic(.error, "the lab: \(error)"))
      throw ExitStatus.failure.exitCode
    }
  }

  /// The named lab, or the only one that runs.
  static func running(_ name: String?) throws -> Lab {
    let names = try Lab.runningNames()
    guard let chosen = name ?? (names.count == 1 ? names[0] : nil) else {
      throw LabError(
        .wrongState,
        names.isEmpty
          ? "no lab is running" : "name one with --name: \(names.joined(separator: ", "))"
      )
    }
    guard let lab = try Lab.running(named: chosen) else {
      throw LabError(.wrongState, "no lab \(chosen) is running")
    }
    return lab
  }

  struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "up",
      abstract: "Bring up twins of an inventory's hosts; they stay until `lab down`.")
    @OptionGroup var inventory: InventoryArguments

    func run() async throws {
      try LabCommand.failing {
        let controller = try Controller(inventory)
        let context = RunContext(
          playbookFolder: Controller.absolute("."), workingFolder: Controller.absolute("."))
        let store = controller.store(context, ConnectionDefaults())
        let specification = try LabSpecification(of: store, source: controller.sources[0])
        if var running = try Lab.running(named: specification.name) {
          let missing = specification.hosts.filter { host in
            !running.specification.hosts.contains { $0.name == host.name }
          }
          return try running.add(missing, progress: LabSession.progress)
        }
        _ = try Lab.up(specification, progress: LabSession.progress)
      }
    }
  }

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "Show the running labs' hosts.")

    func run() async throws {
      try LabCommand.failing {
        let names = try Lab.runningNames()
        if names.isEmpty { print("no lab is running") }
        for name in names {
          guard let lab = try Lab.running(named: name) else { continue }
          print(name)
          for host in lab.status() {
            let addresses = host.addresses.map(\.description).joined(separator: ", ")
            let memory = host.memory.map { "\($0 >> 20) MiB" } ?? "unknown memory"
            print(
              "  \(host.name)  \(host.user)@\(addresses)  "
                + (host.isRunning ? "\(host.processes) processes, \(memory)" : "stopped"))
          }
        }
      }
    }
  }

  struct SSH: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ssh", abstract: "Log in to a twin, or run a command on it.")
    @Option(help: "The lab, where several run.") var name: String?
    @Argument(help: "The host.") var host: String
    @Argument(parsing: .captureForPassthrough, help: "The command; a shell without one.")
    var command: [String] = []

    func run() async throws {
      try LabCommand.failing {
        let words = command.first == "--" ? Array(command.dropFirst()) : command
        let arguments = try LabCommand.running(name).sshArguments(host: host, command: words)
        var pointers = arguments.map { strdup($0) } + [nil]
        execvp(arguments[0], &pointers)
        throw LabError(.commandFailed, "can't run \(arguments[0])")
      }
    }
  }

  struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "down", abstract: "End a lab and everything of it; the cache stays.")
    @Option(help: "The lab, where several run.") var name: String?

    func run() async throws {
      try LabCommand.failing { try LabCommand.running(name).down() }
    }
  }

  struct Prepare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prepare", abstract: "Build what labs are made of, once: about ten minutes.")

    func run() async throws {
      try LabCommand.failing { try Lab.prepare(progress: LabSession.progress) }
    }
  }

  struct Piece: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "piece",
      abstract: "Build one cached piece if it is missing, and print its folder.",
      shouldDisplay: false)
    @Argument(help: "The piece's name.") var name: String

    func run() async throws {
      try LabCommand.failing { print(try Lab.piece(named: name, progress: LabSession.progress)) }
    }
  }
}
