internal import RegularExpressions
internal import Values

/// Tests of what tasks registered, and of text by patterns.
enum TaskTests {
  static let all: [LibraryFunction] =
    results + [
      pattern("match") { (expression, text) throws(RegularExpressionError) in
        try expression.prefixMatch(in: text) != nil
      },
      pattern("search") { (expression, text) throws(RegularExpressionError) in
        try expression.firstMatch(in: text) != nil
      },
      LibraryFunction(
        "regex", "pattern", "ignorecase?", "multiline?", "match_type?",
        whole: { (call) throws(TemplateError) in
          let expression = try call.expression()
          return .bool(
            try call.matching { () throws(RegularExpressionError) in
              switch call.text("match_type") ?? "search" {
              case "match": try expression.prefixMatch(in: call.text) != nil
              case "fullmatch": try expression.fullMatch(call.text) != nil
              default: try expression.firstMatch(in: call.text) != nil
              }
            })
        }),
      LibraryFunction("uri", "schemes?", whole: { .bool(isURL($0) { _ in true }) }),
      LibraryFunction("url", "schemes?", whole: { .bool(isURL($0) { !$0.network.isEmpty }) }),
      LibraryFunction("urn", whole: { .bool(isURL($0) { $0.scheme == "urn" }) }),
      // What comes from a vault is decrypted here, and secret.
      LibraryFunction("vault_encrypted", whole: { _ in false }),
    ]

  private static func isURL(_ call: Call, _ holds: (URLParts) -> Bool) -> Bool {
    guard let parts = try? URLParts(call.text) else { return false }
    if let schemes = call.value("schemes").sequence, !schemes.contains(.string(parts.scheme)) {
      return false
    }
    return holds(parts)
  }

  private static func pattern(
    _ name: String,
    _ match: @escaping @Sendable (RegularExpression, String) throws(RegularExpressionError) -> Bool
  ) -> LibraryFunction {
    LibraryFunction(
      name, "pattern", "ignorecase?", "multiline?",
      whole: { (call) throws(TemplateError) in
        let expression = try call.expression()
        return .bool(
          try call.matching { () throws(RegularExpressionError) in
            try match(expression, call.text)
          })
      })
  }

  // MARK: Results

  private static let results: [LibraryFunction] =
    named(["changed", "change"]) { (result) in
      if let changed = result["changed"] { return isTrue(changed) }
      guard let items = result["results"]?.sequence else { return false }
      return items.contains { $0["changed"].map(isTrue) ?? false }
    }
    + named(["failed", "failure"]) { isTrue($0["failed"] ?? false) }
    + named(["succeeded", "success", "successful"]) { !isTrue($0["failed"] ?? false) }
    + named(["skipped", "skip"]) { isTrue($0["skipped"] ?? false) }
    + named(["unreachable"]) { isTrue($0["unreachable"] ?? false) }
    + named(["reachable"]) { !isTrue($0["unreachable"] ?? false) }
    + named(["timedout"]) { isTrue($0["timedout"]?["period"] ?? false) }
    + named(["started"]) { isTrue($0["started"] ?? true) }
    + named(["finished"]) { isTrue($0["finished"] ?? true) }

  private static func isTrue(_ value: Value) -> Bool { value.isTruthy }

  private static func named(
    _ names: [String], _ test: @escaping @Sendable (Value) -> Bool
  ) -> [LibraryFunction] {
    names.map { name in
      // Only the entries that tell are looked at: what else is secret or unknown doesn't matter.
      LibraryFunction(
        name,
        items: { (call) throws(TemplateError) in
          guard case .dict = call.input else {
            throw TemplateError(
              .type,
              "The '\(names[0] == "succeeded" ? "failed" : names[0])' test expects a dictionary",
              help: "test what a task registered: `result is \(name)`")
          }
          for key in ["changed", "failed", "skipped", "unreachable", "started", "finished"] {
            if let entry = call.input[key], case .unknown = entry.unmarked(),
              names.contains(key) || key == "failed" && names.contains("success")
            {
              return entry
            }
          }
          return .bool(test(call.input))
        })
    }
  }
}

extension Call {
  /// The regular expression that an argument is, with its options.
  func expression(
    _ name: String = "pattern", dotAll: Bool = false
  ) throws(TemplateError) -> RegularExpression {
    var options: RegularExpression.Options = []
    if flag("ignorecase", default: false) { options.insert(.ignoreCase) }
    if flag("multiline", default: false) { options.insert(.multiline) }
    return try evaluator.session.expression(text(name) ?? "", options)
  }

  /// Runs what may meet the limits of matching.
  func matching<Result>(
    _ body: () throws(RegularExpressionError) -> Result
  ) throws(TemplateError) -> Result {
    do throws(RegularExpressionError) {
      return try body()
    } catch {
      throw TemplateError(error.kind == .limit ? .limit : .other, "\(error)")
    }
  }
}
