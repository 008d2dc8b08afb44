internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Templates
internal import Values

extension StepRunner {
  /// `changed_when` and `failed_when` have the last word, unless nothing ran.
  func judged(_ attempt: Attempt, in scope: Scope) throws(TemplateError) -> Attempt {
    var attempt = attempt
    switch attempt.outcome {
    case .unreachable, .skipped: return attempt
    case .deferred:
      if definition.changedWhen.areLiterallyFalse {
        attempt.outcome = .satisfied
        attempt.detail.reason = "runs in an apply, and changes nothing"
      }
      return attempt
    default: break
    }
    let seen = seeing(attempt, in: scope)
    if !definition.failedWhen.isEmpty {
      switch try definition.failedWhen.verdict(in: seen) {
      case .holds:
        let message = attempt.result["msg"]?.description ?? "`failed_when` holds"
        attempt.result["failed"] = true
        attempt.result["failed_when_result"] = true
        attempt.outcome = .failed(message: message, isIgnored: false, isRescued: false)
      case .fails:
        attempt.result["failed"] = false
        attempt.result["failed_when_result"] = false
        if attempt.isFailure {
          attempt.outcome = attempt.result["changed"] == .bool(true) ? .changed : .satisfied
        }
      case .unknown: break
      }
    }
    return try changed(attempt, in: seeing(attempt, in: scope))
  }

  private func changed(_ attempt: Attempt, in scope: Scope) throws(TemplateError) -> Attempt {
    var attempt = attempt
    guard !definition.changedWhen.isEmpty, !attempt.isFailure else { return attempt }
    switch try definition.changedWhen.verdict(in: scope) {
    case .holds:
      attempt.result["changed"] = true
      attempt.outcome = .changed
    case .fails:
      attempt.result["changed"] = false
      attempt.outcome = .satisfied
    case .unknown:
      // Only the command's own output can say whether it changed anything.
      attempt.outcome = .deferred(origin: instance.title)
    }
    return attempt
  }
}

extension [Condition] {
  /// `changed_when: false`, as written.
  var areLiterallyFalse: Bool {
    count == 1 && self[0].expression.literalBool == false
  }
}
