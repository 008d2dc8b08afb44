internal import Values

/// Tests of how something stands to something else.
enum ComparisonTests {
  static let all: [LibraryFunction] =
    comparisons + sets + [
      LibraryFunction(
        "even",
        whole: { (call) throws(TemplateError) in
          .bool(Comparison.equal(try modulo(call, 2), 0))
        }),
      LibraryFunction(
        "odd",
        whole: { (call) throws(TemplateError) in
          .bool(Comparison.equal(try modulo(call, 2), 1))
        }),
      LibraryFunction(
        "divisibleby", "num",
        whole: { (call) throws(TemplateError) in
          .bool(Comparison.equal(try modulo(call, call.value("num")), .int(0)))
        }),
      LibraryFunction("sameas", "other", whole: { .bool($0.input == $0.value("other")) }),
      version("version"), version("version_compare"),
    ]

  private static func modulo(_ call: Call, _ divisor: Value) throws(TemplateError) -> Value {
    if case .string(let format) = call.input {
      return .string(try PercentFormat.apply(format, divisor))
    }
    return try Arithmetic.apply(.modulo, call.input, divisor)
  }

  private static let comparisons: [LibraryFunction] = [
    ("==", ["==", "eq", "equalto"]), ("!=", ["!=", "ne"]), ("<", ["<", "lt", "lessthan"]),
    ("<=", ["<=", "le"]), (">", [">", "gt", "greaterthan"]), (">=", [">=", "ge"]), ("in", ["in"]),
  ].flatMap { (symbol, names) in
    names.map { name in
      LibraryFunction(
        name, "other",
        whole: { (call) throws(TemplateError) in
          .bool(
            try Comparison.apply(
              ComparisonOperator(rawValue: symbol) ?? .equal, call.input, call.value("other")))
        })
    }
  }

  private static let sets: [LibraryFunction] = [
    LibraryFunction(
      "contains", "value",
      whole: { (call) throws(TemplateError) in
        .bool(try Comparison.contains(call.input, call.value("value")))
      }),
    subset("subset"), subset("issubset"), superset("superset"), superset("issuperset"),
    LibraryFunction(
      "all",
      whole: { (call) throws(TemplateError) in
        .bool(try call.items().allSatisfy(\.isTruthy))
      }),
    LibraryFunction(
      "any",
      whole: { (call) throws(TemplateError) in
        .bool(try call.items().contains(where: \.isTruthy))
      }),
  ]

  private static func subset(_ name: String) -> LibraryFunction {
    LibraryFunction(
      name, "b",
      whole: { (call) throws(TemplateError) in
        .bool(isSubset(try call.items(), of: try call.value("b").pythonItems()))
      })
  }

  private static func superset(_ name: String) -> LibraryFunction {
    LibraryFunction(
      name, "b",
      whole: { (call) throws(TemplateError) in
        .bool(isSubset(try call.value("b").pythonItems(), of: try call.items()))
      })
  }

  private static func isSubset(_ items: [Value], of all: [Value]) -> Bool {
    let known = PythonSet(all)
    return items.allSatisfy { known.contains($0) }
  }

  private static func version(_ name: String) -> LibraryFunction {
    LibraryFunction(
      name, "version", "operator?", "strict?", "version_type?",
      whole: { (call) throws(TemplateError) in
        let order = try order(call)
        switch call.text("operator") ?? "eq" {
        case "==", "=", "eq": return .bool(order == 0)
        case "<", "lt": return .bool(order < 0)
        case "<=", "le": return .bool(order <= 0)
        case ">", "gt": return .bool(order > 0)
        case ">=", "ge": return .bool(order >= 0)
        case "!=", "<>", "ne": return .bool(order != 0)
        case let other:
          throw TemplateError(
            .other,
            "Invalid operator type (\(other)). Must be one of ==, =, eq, !=, <>, ne, >=, "
              + "ge, >, gt, <=, le, <, lt")
        }
      })
  }

  private static func order(_ call: Call) throws(TemplateError) -> Int {
    guard call.input.isTruthy else {
      throw call.failure("Input version value cannot be empty")
    }
    guard call.value("version").isTruthy else {
      throw call.failure("Version parameter to compare against cannot be empty")
    }
    let type = call.text("version_type")
    let isStrict = call.flag("strict", default: false)
    if isStrict, type != nil {
      throw call.failure("Cannot specify both 'strict' and 'version_type'")
    }
    return try VersionOrder(type ?? (isStrict ? "strict" : "loose"))
      .compare(call.text, call.text("version") ?? "")
  }
}
