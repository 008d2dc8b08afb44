internal import Playbooks
internal import Templates
internal import Values

/// What conditions say of a step.
enum Verdict: Sendable, Equatable {
  case holds
  /// The first that doesn't hold, as written.
  case fails(condition: String)
  case unknown(Unknown)
}

extension [Condition] {
  /// Whether all hold; the first that fails decides, and what comes after it isn't looked at.
  func verdict(in scope: Scope) throws(TemplateError) -> Verdict {
    for condition in self {
      let value = try condition.expression.evaluate(in: scope).unmarked()
      if case .unknown(let unknown) = value { return .unknown(unknown) }
      if !value.truth(of: condition.expression.range, in: scope) {
        return .fails(condition: condition.text)
      }
    }
    return .holds
  }
}

extension Expression? {
  /// The truth of a keyword such as `become` or `ignore_errors`; nil where it isn't given.
  func bool(in scope: Scope) throws(TemplateError) -> Bool? {
    guard let self else { return nil }
    switch try self.evaluate(in: scope).unmarked() {
    case .null: return nil
    case .string(let text):
      switch text.lowercased() {
      case "yes", "true", "on", "1", "y", "t": return true
      case "no", "false", "off", "0", "n", "f", "": return false
      default:
        throw TemplateError(.type, "`\(text)` is neither true nor false", at: self.range)
      }
    case let value: return value.isTruthy
    }
  }

  /// A keyword's text, secrets bare; nil where it isn't given or is empty.
  func text(in scope: Scope) throws(TemplateError) -> String? {
    guard let self else { return nil }
    let value = try self.evaluate(in: scope)
    switch value.unmarked() {
    case .null: return nil
    case .string(let text): return text.isEmpty ? nil : text
    case let other: return other.description
    }
  }

  /// A keyword's number.
  func number(in scope: Scope) throws(TemplateError) -> Double? {
    guard let self else { return nil }
    switch try self.evaluate(in: scope).unmarked() {
    case .null: return nil
    case .int(let number): return Double(number)
    case .float(let number): return number
    case .string(let text) where Double(text) != nil: return Double(text)
    case let other:
      throw TemplateError(.type, "`\(other)` is no number", at: self.range)
    }
  }
}
