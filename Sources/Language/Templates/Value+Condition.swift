package import Diagnostics
package import Values

extension Value {
  /// The truth of a condition's value; the scope is told where it isn't boolean.
  ///
  /// - Parameter range: the condition's place.
  package func truth(of range: SourceRange, in scope: Scope) -> Bool {
    if case .bool(let flag) = unmarked() { return flag }
    scope.warn?(
      Diagnostic(
        .warning,
        "conditional result (\(isTruthy ? "True" : "False")) was derived from value of type "
          + "'\(pythonTypeName)'", at: range,
        help: "conditionals must have a boolean result: compare, or use `| bool`"))
    return isTruthy
  }
}
