internal import Values

/// Filters that see what is undefined.
enum DefaultFilters {
  static let all: [LibraryFunction] = [
    standard, standard.named("d"), mandatory,
    LibraryFunction(
      "ternary", "true_val", "false_val", "none_val?",
      items: { (call) in
        if call.input == .null, let none = call["none_val"], none != .null { return none }
        return call.value(call.input.isTruthy ? "true_val" : "false_val")
      }),
    LibraryFunction("type_debug") { (call: OperandCall) throws(TemplateError) -> Operand in
      .value(.string(call.input.typeName))
    },
  ]

  /// Whether a filter is `default`, under either of its names.
  static func isStandard(_ filter: LibraryFunction) -> Bool {
    filter.name == "default" || filter.name == "d"
  }

  private static let standard = LibraryFunction("default") {
    (call: OperandCall) throws(TemplateError) -> Operand in
    let standard = call.argument(0, "default_value") ?? .value(.string(""))
    var boolean = false
    if let flag = call.argument(1, "boolean") {
      guard case .known(let isTrue, _) = try call.evaluator.truth(of: flag) else { return flag }
      boolean = isTrue
    }
    if case .undefined = call.input { return standard }
    if !boolean { return call.input }
    switch try call.evaluator.truth(of: call.input) {
    case .known(true, _), .unknown: return call.input
    case .known(false, _): return standard
    }
  }

  private static let mandatory = LibraryFunction("mandatory") {
    (call: OperandCall) throws(TemplateError) -> Operand in
    guard case .undefined(let undefined) = call.input else { return call.input }
    if let message = call.argument(0, "msg") {
      throw TemplateError(
        .undefined, PythonText.str(try call.evaluator.value(of: message).unmarkedDeeply()))
    }
    // What is missing of something else is named by the message alone.
    let attribute = undefined.message.split(separator: " has no attribute ").dropFirst().last
    let name = undefined.name.map { "'\($0)' " } ?? attribute.map { "\($0) " } ?? ""
    throw TemplateError(.undefined, "Mandatory variable \(name)not defined.")
  }
}
