internal import Diagnostics
package import Execution
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// Prints events as JSON, one object a line, in the order in which they happen.
package struct JSONReporter: Reporter {
  private let write: @Sendable (String) -> Void

  package init(write: @escaping @Sendable (String) -> Void) { self.write = write }

  package func receive(_ event: RunEvent) async {
    switch event {
    case .started(let mode, let plays, let steps):
      put(
        "started",
        [
          "mode": .string(mode.rawValue), "steps": .int(steps),
          "plays": .list(
            plays.map { ["name": .string($0.name), "hosts": .strings($0.hosts)] }),
        ])
    case .playStarted(let play, let summary):
      put("play_started", ["play": .int(play), "hosts": .strings(summary.hosts)])
    case .playEnded(let play): put("play_ended", ["play": .int(play)])
    case .stepStarted(let play, let order, let task, let host):
      put(
        "step_started",
        [
          "play": .int(play), "order": .list(order.map { .int($0) }), "task": .string(task),
          "host": .string(host),
        ])
    case .waiting(let task, let host, let reason):
      put(
        "waiting",
        ["task": .string(task), "host": .string(host), "reason": .string(reason)])
    case .stepEnded(let report): put("step", fields(of: report))
    case .stepsAdded(let count): put("steps_added", ["count": .int(count)])
    case .connected(let host, let duration):
      put("connected", ["host": .string(host), "seconds": .float(duration / .seconds(1))])
    case .warning(let diagnostic):
      put("warning", ["message": .string(DiagnosticRenderer().render(diagnostic))])
    case .ended(let summary): put("ended", Self.fields(of: summary))
    }
  }

  private func put(_ event: String, _ fields: OrderedDictionary<String, Value>) {
    write(Self.line(event, fields))
  }

  /// An event as it is printed.
  static func line(_ event: String, _ fields: OrderedDictionary<String, Value>) -> String {
    var object: OrderedDictionary<String, Value> = ["event": .string(event)]
    object.merge(fields) { $1 }
    return Value.object(object).json() + "\n"
  }

  private func fields(of report: StepReport) -> OrderedDictionary<String, Value> {
    var fields: OrderedDictionary<String, Value> = [
      "play": .int(report.play), "order": .list(report.order.map { .int($0) }),
      "task": .string(report.task), "host": .string(report.host),
      "module": .string(report.module), "place": .string("\(report.range)"),
      "outcome": .string(report.outcome.name),
      "seconds": .float(report.duration / .seconds(1)),
    ]
    if let role = report.role { fields["role"] = .string(role) }
    if let delegate = report.delegatedTo { fields["delegated_to"] = .string(delegate) }
    if report.isHandler { fields["handler"] = true }
    switch report.outcome {
    case .skipped(let reason): fields["reason"] = .string(reason)
    case .deferred(let origin): fields["decided_after"] = .string(origin)
    case .failed(let message, _, _), .unreachable(let message):
      fields["message"] = .string(message)
    case .satisfied, .changed: break
    }
    if report.isCensored {
      fields["censored"] = true
      return fields
    }
    fields.merge(self.fields(of: report.detail)) { $1 }
    if !report.items.isEmpty {
      fields["items"] = .list(
        report.items.map { item in
          var fields: OrderedDictionary<String, Value> = [
            "item": .string(item.label), "outcome": .string(item.outcome.name),
          ]
          fields.merge(self.fields(of: item.detail)) { $1 }
          return .object(fields)
        })
    }
    return fields
  }

  private func fields(of detail: StepDetail) -> OrderedDictionary<String, Value> {
    var fields: OrderedDictionary<String, Value> = [:]
    if !detail.reason.isEmpty { fields["why"] = .string(detail.reason) }
    if !detail.actions.isEmpty { fields["actions"] = .strings(detail.actions) }
    if !detail.messages.isEmpty { fields["messages"] = .strings(detail.messages) }
    if !detail.differences.isEmpty {
      fields["differences"] = .list(detail.differences.map(value))
    }
    fields["result"] = detail.result
    return fields
  }

  private func value(of difference: Difference) -> Value {
    if difference.isSecret { return ["label": .string(difference.label), "secret": true] }
    func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }
    switch difference.kind {
    case .text(let before, let after):
      return ["label": .string(difference.label), "before": text(before), "after": text(after)]
    case .attribute(let before, let after):
      return [
        "label": .string(difference.label), "before": .string(before), "after": .string(after),
      ]
    }
  }

  /// What the end of a run says.
  static func fields(of summary: RunSummary) -> OrderedDictionary<String, Value> {
    var hosts: OrderedDictionary<String, Value> = [:]
    for (name, recap) in summary.hosts {
      hosts[name] = [
        "ok": .int(recap.ok), "changed": .int(recap.changed), "skipped": .int(recap.skipped),
        "deferred": .int(recap.deferred), "failed": .int(recap.failed),
        "ignored": .int(recap.ignored), "rescued": .int(recap.rescued),
        "unreachable": .int(recap.unreachable), "round_trips": .int(recap.roundTrips),
        "may_change": .int(recap.mayChange), "has_failed": .bool(recap.hasFailed),
        "is_lost": .bool(recap.isLost),
      ]
    }
    return [
      "mode": .string(summary.mode.rawValue), "hosts": .object(hosts),
      "seconds": .float(summary.duration / .seconds(1)),
      "interrupted": .bool(summary.isInterrupted),
      "lost_handlers": .list(
        summary.lostHandlers.map { ["host": .string($0.host), "handler": .string($0.handler)] }),
    ]
  }
}
