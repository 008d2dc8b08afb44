internal import Diagnostics
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Templates
internal import Values

/// Runs one step: conditions, loop, look, decide, and (in an apply) act.
struct StepRunner: Sendable {
  let job: StepJob
  let services: RunServices
  var memory: HostMemory
  var touchedElsewhere: [(host: String, subjects: [Subject])] = []
  var hasActed = false
  /// An action was sent to the host in this attempt, so it may have run even if we don't hear of it.
  var mayHaveRun = false
  var delegate: String?
  /// What the last questions were about.
  var askedAbout: [Subject] = []

  init(_ job: StepJob, services: RunServices) {
    self.job = job
    self.services = services
    memory = job.memory
  }

  var instance: TaskInstance { job.instance }
  var keywords: Keywords { job.instance.keywords }
  var definition: TaskDefinition { job.instance.definition }

  /// The step from its beginning to its end; never throws: a failure is an outcome.
  mutating func run() async -> StepEnd {
    let clock = ContinuousClock()
    let start = clock.now
    var report = StepReport(
      play: instance.play, order: instance.order, task: title, role: instance.role?.name,
      host: job.host, module: ModuleRegistry.bareName(definition.action.content),
      range: definition.range, outcome: .satisfied)
    report.isHandler = instance.isHandler
    let isCensored = (try? keywords.noLog.bool(in: job.scope)) ?? nil
    report.isCensored = isCensored ?? (keywords.noLog != nil)
    await services.reporter.receive(
      .stepStarted(
        play: instance.play, order: instance.order, task: report.task, host: job.host))
    var end: StepEnd
    do throws(TemplateError) {
      end = try await passed(&report)
    } catch {
      end = ended(report, .failed(services.word(error)))
    }
    for warning in services.warnings.take() { await services.reporter.receive(.warning(warning)) }
    if report.isCensored { end.report.censor() }
    end.report.delegatedTo = delegate
    end.report.duration = clock.now - start
    return end
  }

  private var title: String {
    guard let name = definition.name else { return definition.action.content }
    let value = (try? name.evaluate(in: job.scope)) ?? .string(instance.title)
    return services.redactor.redact(value.description)
  }

  /// The step's end, by way of its loop if it has one.
  private mutating func passed(_ report: inout StepReport) async throws(TemplateError) -> StepEnd {
    if let origin = job.deferredBy {
      return ended(report, deferred(Unknown(origin: origin)))
    }
    guard let loop = definition.loop else {
      // In two statements: a call's receiver is copied before its arguments change it.
      let attempt = await attempt(in: job.scope, bound: [:])
      return ended(report, attempt)
    }
    return try await looped(loop, report)
  }

  /// Makes the end of an attempt without a loop.
  func ended(_ report: StepReport, _ attempt: Attempt) -> StepEnd {
    var report = report
    report.outcome = attempt.outcome
    report.detail = services.redacted(attempt.detail, result: attempt.value)
    report.attempts = attempt.attempts
    report.canChange = !attempt.isHarmless
    var end = StepEnd(
      node: job.node, instance: instance, host: job.host, sharers: job.sharers, report: report,
      memory: memory, registered: attempt.value)
    end.effects = attempt.effects.map { (effectHost($0), $0) }
    end.includes = attempt.include.map { [$0] } ?? []
    end.touchedElsewhere = touchedElsewhere
    end.hasActed = hasActed
    end.notifications = notifications(of: attempt)
    return ignoring(end)
  }

  /// Facts go to the delegate where `delegate_facts` says so.
  func effectHost(_ effect: Effect) -> String {
    switch effect {
    case .facts, .variables:
      let toDelegate = (try? definition.delegatesFacts.bool(in: job.scope)) ?? nil
      return toDelegate == true ? delegate ?? job.host : job.host
    default: return job.host
    }
  }

  /// `notify` of a step that changed, or may change.
  func notifications(of attempt: Attempt) -> [Notification] {
    let deferredBy: String?
    switch attempt.outcome {
    case .changed: deferredBy = nil
    case .deferred where !attempt.isHarmless: deferredBy = title
    default: return []
    }
    var names: [Notification] = []
    for expression in definition.notify {
      switch try? expression.evaluate(in: job.scope).unmarked() {
      case .list(let items)?:
        names += items.map { Notification(name: $0.description, deferredBy: deferredBy) }
      case let name?: names.append(Notification(name: name.description, deferredBy: deferredBy))
      case nil: break
      }
    }
    return names
  }

  /// `ignore_errors` and `ignore_unreachable` turn a failure into a remark.
  func ignoring(_ end: StepEnd) -> StepEnd {
    var end = end
    switch end.report.outcome {
    case .failed(let message, _, let isRescued):
      if (try? keywords.ignoreErrors.bool(in: job.scope)) ?? nil == true {
        end.report.outcome = .failed(message: message, isIgnored: true, isRescued: isRescued)
      }
    case .unreachable(let message):
      if (try? keywords.ignoreUnreachable.bool(in: job.scope)) ?? nil == true {
        end.report.outcome = .failed(message: message, isIgnored: true, isRescued: false)
      }
    default: break
    }
    return end
  }
}

extension RunServices {
  /// A template's error in one line, with its place.
  func word(_ error: TemplateError) -> String {
    var text = redactor.redact(error.message)
    if let range = error.range { text = "\(range): \(text)" }
    if let help = error.help { text += " (\(help))" }
    return text
  }

  /// A detail with every secret out of it.
  func redacted(_ detail: StepDetail, result: Value) -> StepDetail {
    var detail = detail
    detail.result = redactor.redact(result)
    detail.reason = redactor.redact(detail.reason)
    detail.actions = detail.actions.map(redactor.redact)
    detail.messages = detail.messages.map(redactor.redact)
    detail.warnings = detail.warnings.map(redactor.redact)
    detail.differences = detail.differences.map { difference in
      var difference = difference
      difference.label = redactor.redact(difference.label)
      switch difference.kind {
      case .text(let before, let after):
        difference.kind = .text(
          before: before.map(redactor.redact), after: after.map(redactor.redact))
      case .attribute(let before, let after):
        difference.kind = .attribute(
          before: redactor.redact(before), after: redactor.redact(after))
      }
      return difference
    }
    return detail
  }
}
