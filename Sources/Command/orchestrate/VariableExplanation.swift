import Diagnostics
import Documents
import Execution
import Inventories
import OrderedCollections
import Templates
import Values
import Variables

/// `orchestrate inventory --why`: each definition of a variable that counts for a host.
struct VariableExplanation {
  private let controller: Controller
  private let context: RunContext

  init(_ controller: Controller) {
    self.controller = controller
    var context = RunContext(
      playbookFolder: Controller.absolute("."), workingFolder: Controller.absolute("."))
    context.extra = controller.extra
    self.context = context
  }

  /// The value, and below it a line for each definition, the winner first.
  func text(of name: String, on host: String) throws(Diagnostics) -> String {
    guard controller.has(host) else { throw controller.missing(host) }
    let variables = HostVariables(controller.inventory, context)
    let scope = variables.scope(for: host, run: RunVariables())
    let candidates = scope.explain(name)
    guard !candidates.isEmpty else {
      throw Diagnostics(
        Diagnostic(
          .error, "`\(name)` is nowhere defined for `\(host)`",
          help: Suggestion.didYouMean(name, in: scope.names)
            ?? "facts and what a play sets are known to a run alone"))
    }
    let store = controller.store(context, ConnectionDefaults())
    let rows = candidates.enumerated().map { number, candidate in
      Row(
        mark: number == 0 ? "wins" : "",
        place: candidate.range.map { "\($0)" } ?? "",
        level: level(of: candidate), value: value(of: candidate, in: store.scope(ofHost: host)))
    }
    return "\(host): \(name) = \(rows[0].value)\n" + Row.table(rows)
  }

  private func level(of candidate: VariableCandidate) -> String {
    guard let level = candidate.level else { return "magic variable" }
    return candidate.detail.map { "\(level) (\($0))" } ?? "\(level)"
  }

  /// The value for people; what is secret stays so.
  private func value(of candidate: VariableCandidate, in scope: Scope?) -> String {
    switch candidate.variable {
    case .value(let value): return shown(value)
    case .scope: return "(variables of hosts)"
    case .undefined: return "(undefined)"
    case .expression(let expression):
      var written = ""
      if case .template(let template) = expression {
        if template.options.marks.contains(.secret) { return "(secret)" }
        written = "   from \(shown(.string(template.text)))"
      }
      guard let scope else { return written }
      do throws(TemplateError) {
        return shown(try expression.evaluate(in: scope)) + written
      } catch {
        return "(\(controller.redactor.redact(error.message)))" + written
      }
    }
  }

  private func shown(_ value: Value) -> String {
    let text = controller.redactor.redact(value).json(.pretty)
    let line = text.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }
      .joined(separator: " ")
    return line.count > 100 ? line.prefix(99) + "…" : line
  }
}

/// One definition in a table.
private struct Row {
  var mark: String
  var place: String
  var level: String
  var value: String

  /// The rows with their columns below one another.
  static func table(_ rows: [Row]) -> String {
    let places = rows.map(\.place.count).max() ?? 0
    let levels = rows.map(\.level.count).max() ?? 0
    return rows.map { row in
      let start = "  \(row.mark.padded(4))  \(row.place.padded(places))"
      return "\(start)  \(row.level.padded(levels))  \(row.value)\n"
    }.joined()
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

extension Controller {
  /// Whether there is such a host; `localhost` always is.
  func has(_ host: String) -> Bool {
    inventory.hosts[host] != nil || HostPattern.isLocalhost(host)
  }

  func missing(_ host: String) -> Diagnostics {
    Diagnostics(
      Diagnostic(
        .error, "there is no host `\(host)`",
        help: Suggestion.didYouMean(host, in: inventory.hosts.keys)
          ?? HostPattern.listing(of: inventory)))
  }
}
