internal import OrderedCollections
internal import Values

/// Filters of dictionaries.
enum DictFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "items",
      items: { (call) throws(TemplateError) in
        guard case .dict(let dict) = call.input else {
          throw TemplateError(.type, "Can only get item pairs from a mapping.")
        }
        return .list(dict.map { .tuple([$0.key, $0.value]) })
      }),
    LibraryFunction(
      "dict2items", "key_name?", "value_name?",
      items: { (call) throws(TemplateError) in
        guard case .dict(let dict) = call.input else {
          throw TemplateError(
            .type,
            "dict2items requires a dictionary, got "
              + "<class '\(call.input.pythonTypeName)'> instead.")
        }
        let key = Value.string(call.text("key_name") ?? "key")
        let value = Value.string(call.text("value_name") ?? "value")
        return .list(dict.map { .dict([key: $0.key, value: $0.value]) })
      }),
    LibraryFunction(
      "items2dict", "key_name?", "value_name?",
      items: { (call) throws(TemplateError) in
        guard let items = call.input.sequence else {
          throw TemplateError(
            .type, "items2dict requires a list, got <class '\(call.input.pythonTypeName)'> instead."
          )
        }
        let key = call.text("key_name") ?? "key"
        let value = call.text("value_name") ?? "value"
        var dict = Value.Dictionary()
        for item in items {
          guard case .dict = item.unmarked() else {
            throw TemplateError(
              .type,
              "items2dict requires a list of dictionaries, got \(PythonText.repr(call.input)) "
                + "instead.")
          }
          guard let name = item[key], let entry = item[value] else {
            throw call.failure(
              "items2dict requires each dictionary in the list to contain the keys '\(key)' and "
                + "'\(value)', got \(PythonText.repr(item)) instead.")
          }
          dict.set(entry, forPythonKey: try name.dictionaryKey())
        }
        return .dict(dict)
      }),
    LibraryFunction(
      "combine", "*others", "**options",
      items: { (call) throws(TemplateError) in
        guard case .dict(var options) = call.value("options") else { return call.input }
        let isRecursive = options.removeValue(forKey: "recursive").map(\.isTruthy) ?? false
        let name = options.removeValue(forKey: "list_merge").map(PythonText.str)
        guard options.isEmpty else {
          throw TemplateError(
            .type, "'recursive' and 'list_merge' are the only valid keyword arguments")
        }
        let merge = DictMerge(
          isRecursive: isRecursive, lists: try DictMerge.ListMerge(name ?? "replace"))
        var dicts = [call.input]
        if let others = call.value("others").sequence { dicts += others }
        return try merge.merge(dicts)
      }),
    LibraryFunction(
      "subelements", "subelements", "skip_missing?",
      items: {
        (call) throws(TemplateError) in
        .list(
          try subelements(
            call.input, call.value("subelements"),
            skipsMissing: call.flag("skip_missing", default: false)))
      }),
    LibraryFunction(
      "rekey_on_member", "key", "duplicates?",
      items: { (call) throws(TemplateError) in try rekeyed(call) }),
  ]

  private static func rekeyed(_ call: Call) throws(TemplateError) -> Value {
    let duplicates = call.text("duplicates") ?? "error"
    guard duplicates == "error" || duplicates == "overwrite" else {
      throw call.failure(
        "duplicates parameter to rekey_on_member has unknown value '\(duplicates)'")
    }
    let items: [Value]
    switch call.input {
    case .dict(let dict): items = Array(dict.values)
    case .list(let list), .tuple(let list): items = list
    default: throw TemplateError(.type, "Type is not a valid list, set, or dict")
    }
    let key = call.text("key") ?? ""
    var result = Value.Dictionary()
    for item in items {
      guard case .dict = item.unmarked() else {
        throw TemplateError(.type, "List item is not a valid dict")
      }
      guard let value = item[key] else { throw call.failure("Key '\(key)' was not found.") }
      let name = try value.dictionaryKey()
      if result.value(forPythonKey: name) != nil, duplicates == "error" {
        throw call.failure(
          "Key \(PythonText.repr(name)) is not unique, cannot convert to dict.")
      }
      result.set(item, forPythonKey: name)
    }
    return .dict(result)
  }

  /// Each item with each of the elements of one of its lists.
  static func subelements(
    _ container: Value, _ path: Value, skipsMissing: Bool
  ) throws(TemplateError) -> [Value] {
    var items: [Value]
    switch container {
    case .dict(let dict): items = Array(dict.values)
    case .list(let list), .tuple(let list): items = list
    default: throw TemplateError(.type, "obj must be a list of dicts or a nested dict")
    }
    var keys: [String]
    switch path {
    case .string(let text): keys = text.split(separator: ".").map(String.init)
    case .list(let parts), .tuple(let parts): keys = parts.map(PythonText.str)
    default: throw TemplateError(.type, "subelements must be a list or a string")
    }
    var result: [Value] = []
    for item in items {
      var found: Value? = item
      for key in keys {
        if let outer = found?.unmarked() {
          guard case .dict = outer else {
            throw TemplateError(
              .type,
              "the key \(key) should point to a dictionary, got '\(PythonText.str(outer))'")
          }
        }
        found = found?[key]
      }
      guard let found else {
        if skipsMissing { continue }
        throw TemplateError(
          .other,
          "could not find '\(keys.last ?? "")' key in iterated item \(PythonText.repr(item))")
      }
      guard let elements = found.unmarked().sequence else {
        throw TemplateError(
          .type,
          "the key '\(keys.last ?? "")' should point to a list, got \(PythonText.str(found))")
      }
      result += elements.map { .tuple([item, $0.marked(found.marks)]) }
    }
    return result
  }
}
