internal import OrderedCollections
internal import Values

/// Filters of dictionaries.
enum DictFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "items",
      items: { (call) throws(TemplateError) in
        .list(try call.dict().map { .list([$0.key, $0.value]) })
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
        guard case .list(let items) = call.input else {
          throw TemplateError(
            .type, "items2dict requires a list, got <class '\(call.input.pythonTypeName)'> instead."
          )
        }
        let key = call.text("key_name") ?? "key"
        let value = call.text("value_name") ?? "value"
        var dict = Value.Dictionary()
        for item in items {
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
      "dictsort", "case_sensitive?", "by?", "reverse?",
      whole: { (call) throws(TemplateError) in
        let byValue = call.text("by") == "value"
        let ignoresCase = !call.flag("case_sensitive", default: false)
        let pairs = try call.dict().map { Value.list([$0.key, $0.value]) }
        let isReversed = call.flag("reverse", default: false)
        let sorted = try Comparison.sorted(isReversed ? pairs.reversed() : pairs) {
          (pair) throws(TemplateError) in
          let key = pair.pythonElement(.int(byValue ? 1 : 0)) ?? .null
          return ignoresCase ? SortKey.lowercased(key) : key
        }
        return .list(isReversed ? sorted.reversed() : sorted)
      }),
    LibraryFunction(
      "combine", "*others", "recursive?", "list_merge?",
      items: { (call) throws(TemplateError) in
        let merge = DictMerge(
          isRecursive: call.flag("recursive", default: false),
          lists: try DictMerge.ListMerge(call.text("list_merge") ?? "replace"))
        var dicts = [call.input]
        if case .list(let others) = call.value("others") { dicts += others }
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
      items: { (call) throws(TemplateError) in
        var items: [Value]
        if case .dict(let dict) = call.input {
          items = Array(dict.values)
        } else {
          items = try call.items()
        }
        let key = call.text("key") ?? ""
        var result = Value.Dictionary()
        for item in items {
          guard let value = item[key] else { throw call.failure("Key \(key) was not found") }
          let name = try value.dictionaryKey()
          if result[name] != nil, call.text("duplicates") ?? "error" != "overwrite" {
            throw call.failure("Key \(PythonText.str(name)) is not unique, cannot convert to dict")
          }
          result[name] = item
        }
        return .dict(result)
      }),
  ]

  /// Each item with each of the elements of one of its lists.
  static func subelements(
    _ container: Value, _ path: Value, skipsMissing: Bool
  ) throws(TemplateError) -> [Value] {
    var items: [Value]
    switch container {
    case .dict(let dict): items = Array(dict.values)
    case .list(let list): items = list
    default: throw TemplateError(.type, "obj must be a list of dicts or a nested dict")
    }
    var keys: [String]
    switch path {
    case .string(let text): keys = text.split(separator: ".").map(String.init)
    case .list(let parts): keys = parts.map(PythonText.str)
    default: throw TemplateError(.type, "subelements must be a list or a string")
    }
    var result: [Value] = []
    for item in items {
      var found: Value? = item
      for key in keys { found = found?[key] }
      guard let found else {
        if skipsMissing { continue }
        throw TemplateError(
          .other,
          "could not find '\(keys.last ?? "")' key in iterated item "
            + "'\(item.description)'")
      }
      guard case .list(let elements) = found.unmarked() else {
        throw TemplateError(.type, "the key \(keys.last ?? "") should point to a list")
      }
      result += elements.map { .list([item, $0.marked(found.marks)]) }
    }
    return result
  }
}

/// Ansible's `combine`.
struct DictMerge {
  /// What becomes of two lists under one key.
  enum ListMerge: String {
    case replace
    case keep
    case append
    case prepend
    case appendMissing = "append_rp"
    case prependMissing = "prepend_rp"

    init(_ name: String) throws(TemplateError) {
      guard let merge = ListMerge(rawValue: name) else {
        throw TemplateError(
          .other,
          "merge_hash: 'list_merge' argument can only be equal to 'replace', 'keep', "
            + "'append', 'prepend', 'append_rp' or 'prepend_rp'")
      }
      self = merge
    }
  }

  let isRecursive: Bool
  let lists: ListMerge

  /// All dictionaries as one, the later over the earlier; lists of dictionaries count as these.
  func merge(_ values: [Value]) throws(TemplateError) -> Value {
    var result = Value.Dictionary()
    for value in values {
      switch value.unmarked() {
      case .dict(let dict): result = merge(dict, over: result)
      case .list(let inner):
        guard case .dict(let dict) = try merge(inner).unmarked() else { continue }
        result = merge(dict, over: result)
      default:
        throw TemplateError(
          .type,
          "failed to combine variables, expected dicts but got a "
            + "'\(value.pythonTypeName)'")
      }
    }
    return .dict(result)
  }

  private func merge(_ over: Value.Dictionary, over base: Value.Dictionary) -> Value.Dictionary {
    var result = base
    for (key, value) in over {
      guard let old = result.value(forPythonKey: key) else {
        result[key] = value
        continue
      }
      result.set(merge(value, over: old), forPythonKey: key)
    }
    return result
  }

  private func merge(_ value: Value, over old: Value) -> Value {
    switch (value.unmarked(), old.unmarked()) {
    case (.dict(let new), .dict(let base)) where isRecursive:
      return .dict(merge(new, over: base)).marked(value.marks.union(old.marks))
    case (.list(let new), .list(let base)):
      let merged: [Value]
      switch lists {
      case .replace: return value
      case .keep: return old
      case .append: merged = base + new
      case .prepend: merged = new + base
      case .appendMissing: merged = base.filter { !new.contains($0) } + new
      case .prependMissing: merged = new + base.filter { !new.contains($0) }
      }
      return .list(merged).marked(value.marks.union(old.marks))
    default: return value
    }
  }
}
