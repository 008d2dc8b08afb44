internal import Execution
internal import Values

/// Words a task's reports: its heading, and under it what each group of hosts does.
struct TaskRenderer {
  var style: Style
  var mode: RunMode
  var verbosity: Int
  var showsDifferences: Bool

  /// The lines, each ended by a newline; empty where there is nothing worth a line.
  func render(_ task: TaskReport) -> String {
    let sign = task.sign
    if verbosity == 0, sign == .skipped { return "" }
    if verbosity == 0, mode == .plan, sign == .satisfied, !hasMessages(task) { return "" }
    var text = "  \(style.paint(sign.text, sign.colour)) \(Style.harmless(task.title))"
    text += style.paint("  \(task.first.range)", .dim) + "\n"
    for group in task.groups where isWorthShowing(group[0], sign) { text += render(group) }
    return text
  }

  private func hasMessages(_ task: TaskReport) -> Bool {
    task.reports.contains { !$0.detail.messages.isEmpty }
  }

  private func isWorthShowing(_ report: StepReport, _ sign: Sign) -> Bool {
    if verbosity > 0 || !report.detail.messages.isEmpty { return true }
    switch report.outcome {
    case .skipped: return false
    case .satisfied: return mode == .apply && sign != .satisfied
    default: return true
    }
  }

  private func render(_ group: [StepReport]) -> String {
    let report = group[0]
    let hosts = group.map(\.host).joined(separator: ", ")
    var text = "      \(hosts)"
    if let delegate = report.delegatedTo { text += " -> \(delegate)" }
    text += ": \(words(report))\n"
    if report.isCensored { return text }
    if report.items.isEmpty {
      text += render(report.detail, indent: 8)
    } else {
      for item in report.items where verbosity > 0 || Sign(item.outcome) > .satisfied {
        let sign = Sign(item.outcome)
        let label = Style.harmless(Self.shortened(item.label))
        text += "        \(style.paint(sign.text, sign.colour)) (item=\(label))"
        text += " \(words(item.outcome, item.detail))\n"
        text += render(item.detail, indent: 10)
      }
    }
    if verbosity > 1 {
      text += indented(Style.harmless(report.detail.result.description), 8)
    }
    return text
  }

  /// A step's outcome in words.
  private func words(_ report: StepReport) -> String {
    if report.isCensored {
      return style.paint(report.outcome.name, Sign(report.outcome).colour)
        + " (hidden by `no_log`)"
    }
    var text = words(report.outcome, report.detail)
    if report.attempts > 1 { text += " after \(report.attempts) tries" }
    if mode == .apply, report.duration > .seconds(1) {
      text += style.paint(" (\(Self.seconds(report.duration)))", .dim)
    }
    return text
  }

  private func words(_ outcome: Outcome, _ detail: StepDetail) -> String {
    let colour = Sign(outcome).colour
    let reason = detail.reason.isEmpty ? "" : ", \(Style.harmless(detail.reason))"
    switch outcome {
    case .satisfied: return style.paint("ok", colour) + reason
    case .changed:
      return style.paint(mode == .plan ? "would change" : "changed", colour) + reason
    case .skipped(let reason): return style.paint("skipped", colour) + ", \(reason)"
    case .deferred(let origin):
      return style.paint("(known after apply)", colour) + ", decided after \"\(origin)\""
    case .failed(let message, let isIgnored, let isRescued):
      let word = isIgnored ? "failed, ignored" : isRescued ? "failed, rescued" : "failed"
      return style.paint(word, colour) + ": \(Style.harmless(message))"
    case .unreachable(let message):
      return style.paint("unreachable", colour) + ": \(Style.harmless(message))"
    }
  }

  private func render(_ detail: StepDetail, indent: Int) -> String {
    var text = ""
    for message in detail.messages { text += indented(Style.harmless(message), indent) }
    for warning in detail.warnings {
      text += indented(style.paint("warning: \(Style.harmless(warning))", .yellow), indent)
    }
    if showsDifferences {
      for difference in detail.differences { text += render(difference, indent: indent) }
    }
    if verbosity > 0 || (mode == .plan && detail.differences.isEmpty) {
      for action in detail.actions { text += indented(Style.harmless(action), indent) }
    }
    return text
  }

  private func render(_ difference: Difference, indent: Int) -> String {
    if difference.isSecret { return indented("\(difference.label): (secret)", indent) }
    switch difference.kind {
    case .attribute(let before, let after):
      return indented(Style.harmless("\(difference.label): \(before) -> \(after)"), indent)
    case .text(let before, let after):
      var text = indented("--- \(before == nil ? "(absent)" : difference.label)", indent)
      text += indented("+++ \(after == nil ? "(absent)" : difference.label)", indent)
      for line in UnifiedDiff(from: before ?? "", to: after ?? "").lines {
        text += indented(paint(line), indent)
      }
      return text
    }
  }

  private func paint(_ line: UnifiedDiff.Line) -> String {
    let text = Style.harmless(line.text)
    return switch line.sign {
    case "+": style.paint("+" + text, .green)
    case "-": style.paint("-" + text, .red)
    case "@": style.paint(text, .cyan)
    default: " " + text
    }
  }

  private func indented(_ text: String, _ indent: Int) -> String {
    let space = String(repeating: " ", count: indent)
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { space + $0 + "\n" }.joined()
  }

  private static func shortened(_ text: String) -> String {
    text.count <= 100 ? text : text.prefix(97) + "..."
  }

  static func seconds(_ duration: Duration) -> String {
    let tenths = Int((duration / .milliseconds(100)).rounded())
    return tenths >= 1200
      ? "\(tenths / 600) min \(tenths / 10 % 60) s" : "\(tenths / 10).\(tenths % 10) s"
  }
}
