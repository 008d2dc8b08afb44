import ArgumentParser
import Diagnostics
import Execution
import Inventories
import OrderedCollections
import Templates
import Values
import Variables

/// `orchestrate inventory`: hosts, groups and variables as they were read.
struct InventoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inventory", abstract: "Show the inventory's hosts, groups and variables.")

  @OptionGroup var inventory: InventoryArguments
  @Flag(help: "All groups and hosts with their variables, as JSON.") var list = false
  @Flag(help: "The groups as a tree.") var graph = false
  @Option(help: "One host's variables, as JSON.") var host: String?

  func run() async throws {
    do throws(Diagnostics) {
      TextFile.standardOutput(try text())
    } catch {
      for diagnostic in error.all { Controller.show(diagnostic) }
      throw ExitStatus.failure.exitCode
    }
  }

  private func text() throws(Diagnostics) -> String {
    let controller = try Controller(inventory)
    let context = RunContext(
      playbookFolder: Controller.absolute("."), workingFolder: Controller.absolute("."))
    let store = controller.store(context, ConnectionDefaults())
    if let host {
      guard controller.inventory.hosts[host] != nil else {
        throw Diagnostics(
          Diagnostic(
            .error, "there is no host `\(host)`",
            help: Suggestion.didYouMean(host, in: controller.inventory.hosts.keys)
              ?? "there are: " + controller.inventory.hosts.keys.joined(separator: ", ")))
      }
      return shown(variables(of: host, store, controller)) + "\n"
    }
    if graph { return tree("all", depth: 0, controller.inventory) }
    return shown(listing(store, controller)) + "\n"
  }

  /// Secrets stay out: `(secret)` stands in their place.
  private func shown(_ value: Value) -> String {
    Redactor().redact(value).json(.pretty)
  }

  /// What the inventory defines for a host, evaluated where that is possible.
  private func variables(
    of host: String, _ store: RunStore, _ controller: Controller
  ) -> Value {
    guard let scope = store.scope(ofHost: host) else { return [:] }
    let tree = GroupTree(controller.inventory)
    var values: OrderedDictionary<String, Value> = [:]
    for definition in controller.inventory.definitions(of: host, tree) {
      for (name, written) in definition.set.variables {
        values[name] = (try? written.evaluate(in: scope)) ?? .string("(undefined)")
      }
    }
    return .object(values)
  }

  private func listing(_ store: RunStore, _ controller: Controller) -> Value {
    var hostVariables: OrderedDictionary<String, Value> = [:]
    for host in controller.inventory.hosts.keys {
      hostVariables[host] = variables(of: host, store, controller)
    }
    var groups: OrderedDictionary<String, Value> = [
      "_meta": ["hostvars": .object(hostVariables)]
    ]
    for (name, group) in controller.inventory.groups {
      var entry: OrderedDictionary<String, Value> = [:]
      if !group.hosts.isEmpty { entry["hosts"] = .strings(group.hosts) }
      if !group.children.isEmpty { entry["children"] = .strings(group.children) }
      if !entry.isEmpty { groups[name] = .object(entry) }
    }
    return .object(groups)
  }

  private func tree(_ name: String, depth: Int, _ inventory: Inventory) -> String {
    guard let group = inventory.groups[name] else { return "" }
    let indent = String(repeating: "  |", count: depth)
    var text = "\(indent)\(depth == 0 ? "" : "--")@\(name):\n"
    for child in group.children { text += tree(child, depth: depth + 1, inventory) }
    for host in group.hosts { text += indent + "  |--\(host)\n" }
    return text
  }
}
