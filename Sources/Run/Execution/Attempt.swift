internal import ModuleKit
internal import OrderedCollections
internal import Values

/// How one look at, and change of, a host went: a step without a loop, or one item of it.
struct Attempt: Sendable {
  var outcome: Outcome
  var detail = StepDetail()
  /// What `register` gets.
  var result: OrderedDictionary<String, Value> = [:]
  /// The result as a whole can't be known.
  var unknown: Unknown?
  var effects: [Effect] = []
  var attempts = 1
  var include: IncludeRequest?
  /// The step can't change anything, whatever it turns out to be: `assert`, `debug`, …
  var isHarmless = false

  init(_ outcome: Outcome) { self.outcome = outcome }

  static func skipped(condition: String) -> Attempt {
    var attempt = Attempt(.skipped(reason: "`\(condition)` is false"))
    attempt.result = [
      "changed": false, "skipped": true, "skip_reason": "Conditional result was False",
      "false_condition": .string(condition),
    ]
    return attempt
  }

  static func deferred(_ unknown: Unknown) -> Attempt {
    var attempt = Attempt(.deferred(origin: unknown.origin))
    attempt.unknown = unknown
    return attempt
  }

  static func failed(
    _ message: String, result: OrderedDictionary<String, Value> = [:]
  ) -> Attempt {
    var attempt = Attempt(.failed(message: message, isIgnored: false, isRescued: false))
    attempt.result = result
    attempt.result["failed"] = true
    attempt.result["msg"] = result["msg"] ?? .string(message)
    if attempt.result["changed"] == nil { attempt.result["changed"] = false }
    return attempt
  }

  static func unreachable(_ message: String) -> Attempt {
    var attempt = Attempt(.unreachable(message: message))
    attempt.result = ["unreachable": true, "changed": false, "msg": .string(message)]
    return attempt
  }

  /// What is registered: the result, or that only apply can tell.
  var value: Value {
    if let unknown { return .unknown(unknown) }
    return .object(result)
  }

  var isFailure: Bool {
    if case .failed = outcome { return true }
    return false
  }
}
