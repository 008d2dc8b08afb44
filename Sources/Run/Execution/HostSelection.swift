package import Diagnostics
internal import Inventories
internal import OrderedCollections
package import Playbooks
internal import Templates
internal import Values

/// Which hosts a play runs on: its patterns, `--limit`, `--shard`, `order:`, and `serial:`.
package struct HostSelection: Sendable {
  private let store: RunStore
  /// Nil without `--limit`.
  private let limit: HostPattern?
  /// Nil without `--shard`.
  private let shard: Shard?

  /// Fails where `--limit` is wrong or leaves no host.
  package init(store: RunStore, limit: String?, shard: Shard? = nil) throws(Diagnostics) {
    self.store = store
    self.shard = shard
    guard let limit else {
      self.limit = nil
      return
    }
    let file = SourceFile(path: "<--limit>", text: limit)
    let pattern = try HostPattern(limit, at: SourceRange(file: file, line: 1, column: 1))
    let inventory = store.inventory
    let selection = pattern.hosts(in: inventory, GroupTree(inventory))
    let errors = selection.diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty { throw Diagnostics(errors) }
    guard !selection.hosts.isEmpty else {
      throw Diagnostics(
        Diagnostic(
          .error, "--limit \(limit) leaves no host",
          help: HostPattern.listing(of: inventory)))
    }
    self.limit = pattern
  }

  /// The play's hosts.
  package func hosts(of play: Play) throws(Diagnostics) -> [String] {
    let inventory = store.inventory
    let tree = GroupTree(inventory)
    let text = try pattern(of: play)
    let selection = try HostPattern(text, at: play.hosts.range).hosts(in: inventory, tree)
    let errors = selection.diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty { throw Diagnostics(errors) }
    var hosts = Array(selection.hosts)
    if let limit {
      let chosen = limit.hosts(in: inventory, tree).hosts
      hosts = hosts.filter { chosen.contains($0) }
    }
    if let shard {
      // A host that isn't in the inventory, such as this machine, is every part's own.
      hosts = hosts.filter { inventory.hosts.index(forKey: $0).map(shard.has) ?? true }
    }
    return ordered(hosts, by: play.order, inventory)
  }

  private func pattern(of play: Play) throws(Diagnostics) -> String {
    do throws(TemplateError) {
      let value = try play.hosts.evaluate(in: store.scope(ofPlay: play)).unmarked()
      if case .list(let items) = value {
        return items.map(\.description).joined(separator: ",")
      }
      return value.description
    } catch {
      throw Diagnostics(error.diagnostic)
    }
  }

  /// `order:`; by default the inventory's.
  private func ordered(_ hosts: [String], by order: String?, _ inventory: Inventory) -> [String] {
    switch order {
    case "sorted": hosts.sorted()
    case "reverse_sorted": hosts.sorted(by: >)
    case "reverse_inventory": hosts.reversed()
    case "shuffle": hosts.shuffled()
    default: hosts
    }
  }

  /// `serial:` in numbers of hosts; a percentage is of the play's hosts, and at least one.
  package func batchSizes(of play: Play, _ count: Int) throws(Diagnostics) -> [Int] {
    var sizes: [Int] = []
    for expression in play.serial {
      let text: String
      do throws(TemplateError) {
        text = try expression.evaluate(in: store.scope(ofPlay: play)).unmarked().description
      } catch {
        throw Diagnostics(error.diagnostic)
      }
      if text.hasSuffix("%"), let percent = Double(text.dropLast()) {
        sizes.append(max(1, Int(percent * Double(count) / 100)))
      } else if let size = Int(text), size >= 0 {
        // Zero means all at once.
        sizes.append(size == 0 ? max(1, count) : size)
      } else {
        throw Diagnostics(
          Diagnostic(
            .error, "`serial` is a number or a percentage, not `\(text)`", at: expression.range))
      }
    }
    return sizes
  }
}
