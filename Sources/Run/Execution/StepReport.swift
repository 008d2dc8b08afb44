package import Diagnostics
package import Values

/// What a step did, or would do: everything that reports are made of. Secrets are already out.
package struct StepReport: Sendable {
  /// The play, by its place in the playbook.
  package var play: Int
  /// Where the step stands among all, compared number by number.
  package var order: [Int]
  /// The task's name, evaluated as far as it is known.
  package var task: String
  /// The role that the task belongs to.
  package var role: String?
  package var host: String
  package var delegatedTo: String?
  /// The module, without collection.
  package var module: String
  /// The task's place.
  package var range: SourceRange
  package var outcome: Outcome
  package var isHandler = false
  /// One for each item of a loop; empty without a loop.
  package var items: [ItemReport] = []
  /// What is shown where there is no loop.
  package var detail = StepDetail()
  package var duration: Duration = .zero
  package var attempts = 1
  /// False for what can't change anything, whatever it turns out to be: `assert`, `debug`, …
  package var canChange = true
  /// `no_log`: nothing but the outcome may be shown.
  package var isCensored = false

  package init(
    play: Int, order: [Int], task: String, role: String?, host: String, module: String,
    range: SourceRange, outcome: Outcome
  ) {
    self.play = play
    self.order = order
    self.task = task
    self.role = role
    self.host = host
    self.module = module
    self.range = range
    self.outcome = outcome
  }
}

extension StepReport {
  /// Takes out everything but how it ended: `no_log`.
  mutating func censor() {
    detail = StepDetail()
    items = []
    switch outcome {
    case .failed(_, let isIgnored, let isRescued):
      outcome = .failed(message: Self.hidden, isIgnored: isIgnored, isRescued: isRescued)
    case .unreachable: outcome = .unreachable(message: Self.hidden)
    case .satisfied, .changed, .skipped, .deferred: break
    }
  }

  private static let hidden = "hidden by `no_log`"
}

/// What there is to tell about one change, or one look.
package struct StepDetail: Sendable {
  package var reason = ""
  package var differences: [Difference] = []
  /// One line for each action, performed or planned.
  package var actions: [String] = []
  /// What `register` gets.
  package var result: Value = .null
  /// What `debug` says.
  package var messages: [String] = []
  package var warnings: [String] = []

  package init() {}
}

/// One item of a looped step.
package struct ItemReport: Sendable {
  package var label: String
  package var outcome: Outcome
  package var detail: StepDetail

  package init(label: String, outcome: Outcome, detail: StepDetail) {
    self.label = label
    self.outcome = outcome
    self.detail = detail
  }
}
