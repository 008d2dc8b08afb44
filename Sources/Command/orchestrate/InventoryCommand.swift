import ArgumentParser
import Diagnostics
import Documents
import Execution
import Glibc
import Inventories
import OrderedCollections
import Templates
import Values
import Variables

/// `orchestrate inventory`: hosts, groups and variables as they were read.
struct InventoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inventory", abstract: "Show the inventory's hosts, groups and variables.",
    discussion: """
      With --list, --host and --graph it says what ansible-inventory says. What vault files hold \
      is shown as (secret) unless --show-secrets is given.
      """)

  @OptionGroup var inventory: InventoryArguments
  @Flag(help: "All groups and hosts with their variables, as an inventory script.")
  var list = false
  @Flag(help: "With --list: leave the groups' variables to the groups.") var export = false
  @Option(help: "One host's variables.") var host: String?
  @Flag(help: "The groups below GROUP (all) as a tree, with their hosts.") var graph = false
  @Flag(help: "With --graph: with variables, too.") var vars = false
  @Flag(help: "Where each value of VARIABLE comes from on HOST, and which wins.") var why = false
  @Flag(help: "Everything that is suspicious about the inventory; status 1 where there is any.")
  var check = false
  @Flag(name: [.customShort("y"), .long], help: "YAML instead of JSON.") var yaml = false
  @Flag(help: "TOML instead of JSON.") var toml = false
  @Option(help: "Write into this file.", completion: .file()) var output: String?
  @Flag(name: .customLong("show-secrets"), help: "Show what vault files hold.")
  var showsSecrets = false
  @Option(
    name: .customLong("playbook-dir"), help: "Read this folder's group_vars and host_vars, too.")
  var playbookFolder: String?
  @Argument(help: "GROUP with --graph; HOST VARIABLE with --why.") var names: [String] = []

  func validate() throws {
    let questions = [list, host != nil, graph, why, check].filter { $0 }.count
    if questions > 1 {
      throw ValidationError("give one of --list, --host, --graph, --why and --check")
    }
    if why, names.count != 2 { throw ValidationError("write --why HOST VARIABLE") }
    if !why, names.count > (graph ? 1 : 0) {
      throw ValidationError("`\(names[graph ? 1 : 0])` is one argument too many")
    }
    if yaml, toml { throw ValidationError("give one of --yaml and --toml") }
    if export, host != nil || graph || why || check {
      throw ValidationError("--export goes with --list")
    }
    if vars, !graph { throw ValidationError("--vars goes with --graph") }
  }

  func run() async throws {
    do throws(Diagnostics) {
      let controller = try Controller(inventory, playbookFolder: playbookFolder)
      if check {
        let found = InventoryAudit.diagnostics(of: controller.inventory)
        for diagnostic in found { Controller.show(diagnostic) }
        if found.isEmpty { return TextFile.standardOutput("Nothing suspicious.\n") }
      } else {
        return try write(try text(controller))
      }
    } catch {
      for diagnostic in error.all { Controller.show(diagnostic) }
    }
    throw ExitStatus.failure.exitCode
  }

  private func write(_ text: String) throws(Diagnostics) {
    guard let output else { return TextFile.standardOutput(text) }
    if showsSecrets { umask(0o077) }
    do { try TextFile.write(text, to: output) } catch {
      throw Diagnostics(Diagnostic(.error, "can't write \(output)", help: "name another file"))
    }
  }

  private func text(_ controller: Controller) throws(Diagnostics) -> String {
    if why {
      return try VariableExplanation(controller).text(of: names[1], on: names[0])
    }
    var listing = InventoryListing(controller.inventory, GroupTree(controller.inventory))
    listing.showsSecrets = showsSecrets
    listing.isExport = export
    for name in controller.extra?.names ?? [] {
      guard case .expression(let written)? = controller.extra?.variable(named: name) else {
        continue
      }
      listing.extra[name] = written
    }
    if let host {
      guard controller.has(host) else { throw controller.missing(host) }
      return try formatted(listing.variables(ofHost: host))
    }
    if graph {
      let group = names.first ?? "all"
      guard controller.inventory.groups[group] != nil else {
        throw Diagnostics(
          Diagnostic(
            .error, "there is no group `\(group)`",
            help: Suggestion.didYouMean(group, in: controller.inventory.groups.keys)
              ?? HostPattern.listing(of: controller.inventory)))
      }
      return listing.graph(from: group, withVariables: vars)
    }
    if let limit = inventory.limit {
      listing.limit = try hosts(of: limit, in: controller.inventory)
    }
    if yaml { return try formatted(listing.nestedForm) }
    return try formatted(toml ? listing.tableForm : listing.scriptForm)
  }

  private func hosts(
    of limit: String, in inventory: Inventory
  ) throws(Diagnostics) -> OrderedSet<String> {
    let file = SourceFile(path: "<--limit>", text: limit)
    let pattern = try HostPattern(limit, at: SourceRange(file: file, line: 1, column: 1))
    let selection = pattern.hosts(in: inventory, GroupTree(inventory))
    let errors = selection.diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty { throw Diagnostics(errors) }
    if selection.hosts.isEmpty {
      throw Diagnostics(
        Diagnostic(
          .error, "--limit \(limit) leaves no host", help: HostPattern.listing(of: inventory)))
    }
    return selection.hosts
  }

  private func formatted(_ value: Value) throws(Diagnostics) -> String {
    if yaml {
      var writer = YAMLWriter()
      writer.writesVaults = true
      return writer.text(value)
    }
    if toml {
      do throws(TOMLWriter.Problem) { return try TOMLWriter.text(value) } catch {
        throw Diagnostics(
          Diagnostic(
            .error, "\(error.message): \(error.path.joined(separator: "."))",
            help: "use --yaml or JSON"))
      }
    }
    var style = JSONStyle.pretty
    style.indent = 4
    style.sortsKeys = true
    return value.json(style) + "\n"
  }
}
