internal import OrderedCollections
internal import Values

/// The methods of text, lists and dictionaries that templates call.
enum MethodLibrary {
  /// The method of a value; nil where Python has none, or none that may be called.
  static func method(_ name: String, of value: Value) -> LibraryFunction? {
    switch value {
    case .string: TextMethods.all[name]
    case .list: ListMethods.all[name]
    case .tuple: name == "copy" ? nil : ListMethods.all[name]
    case .dict: DictMethods.all[name]
    case .int, .bool: NumberMethods.integer[name]
    case .float: NumberMethods.float[name]
    default: nil
    }
  }
}

/// Methods of lists that don't change them; `Mutation` has those that do.
enum ListMethods {
  static let all = LibraryFunction.table([
    [
      LibraryFunction(
        "count", "value",
        whole: { (call) throws(TemplateError) in
          .int(try call.items().count { Comparison.equal($0, call.value("value")) })
        }),
      LibraryFunction(
        "index", "value", "start?", "stop?",
        whole: { (call) throws(TemplateError) in
          let items = try call.items()
          func place(_ index: Int) -> Int {
            min(max(0, index < 0 ? index + items.count : index), items.count)
          }
          let start = place(try call.int("start") ?? 0)
          let stop = place(try call.int("stop") ?? items.count)
          let wanted = call.value("value")
          let found = items[start..<max(start, stop)].firstIndex {
            Comparison.equal($0, wanted)
          }
          guard let found else {
            throw call.failure(
              "\(PythonText.repr(wanted)) is not in \(call.input.pythonTypeName)")
          }
          return .int(found)
        }),
      LibraryFunction("copy", items: { $0.input }),
    ]
  ])
}

/// Methods of dictionaries that don't change them.
enum DictMethods {
  static let all = LibraryFunction.table([
    [
      LibraryFunction(
        "items",
        items: { (call) throws(TemplateError) in
          .list(try call.dict().map { .tuple([$0.key, $0.value]) })
        }),
      LibraryFunction(
        "keys", items: { (call) throws(TemplateError) in .list(Array(try call.dict().keys)) }),
      LibraryFunction(
        "values",
        items: { (call) throws(TemplateError) in
          .list(Array(try call.dict().values))
        }),
      LibraryFunction(
        "get", "key", "default?",
        items: { (call) throws(TemplateError) in
          try call.dict().value(forPythonKey: call.value("key").unmarked()) ?? call.value("default")
        }),
      LibraryFunction("copy", items: { $0.input }),
    ]
  ])
}

/// Methods of numbers.
enum NumberMethods {
  static let integer = LibraryFunction.table([
    [
      LibraryFunction(
        "bit_length",
        whole: { (call) in
          .int(Int.bitWidth - (call.input.pythonInt ?? 0).magnitude.leadingZeroBitCount)
        }),
      LibraryFunction(
        "bit_count", whole: { .int(($0.input.pythonInt ?? 0).magnitude.nonzeroBitCount) }),
      LibraryFunction("conjugate", whole: { $0.input }),
    ]
  ])
  static let float = LibraryFunction.table([
    [
      LibraryFunction(
        "is_integer",
        whole: { (call) in
          .bool(call.input.pythonNumber.map { $0 == $0.rounded() && $0.isFinite } ?? false)
        }),
      LibraryFunction("conjugate", whole: { $0.input }),
    ]
  ])
}
