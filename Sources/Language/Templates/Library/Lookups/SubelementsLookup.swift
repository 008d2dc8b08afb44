internal import OrderedCollections
internal import Values

/// The lookup `subelements`: each item, without one of its lists, with each element of that list.
enum SubelementsLookup {
  static func run(_ call: LookupCall) throws(TemplateError) -> [Value] {
    guard (2...3).contains(call.terms.count), let container = call.terms.first,
      case .string(let path) = call.terms[1].unmarked()
    else {
      throw TemplateError(
        .type, "subelements lookup expects a list of two or three items,")
    }
    let flags = call.terms.count > 2 ? call.terms[2]["skip_missing"] : nil
    let skipsMissing = flags.map(NumberFilters.boolean) ?? false
    var items: [Value]
    switch container.unmarked() {
    case .list(let list): items = list
    case .dict(let dict): items = Array(dict.values)
    default:
      throw TemplateError(
        .type, "first a dict or a list, second a string pointing to the subkey")
    }
    items = items.map { $0.marked(container.marks) }
    let keys = path.split(separator: ".").map(String.init)
    var result: [Value] = []
    for item in items {
      guard case .dict = item.unmarked() else {
        throw TemplateError(
          .type, "subelements lookup expects a dictionary, got '\(PythonText.str(item))'")
      }
      guard let (elements, rest) = try take(keys[...], from: item, of: item, skipsMissing) else {
        continue
      }
      result += elements.map { .tuple([rest, $0]) }
    }
    return result
  }

  /// The list that a path leads to, and the item without it; nil where it is missing and may be.
  private static func take(
    _ keys: ArraySlice<String>, from value: Value, of item: Value, _ skipsMissing: Bool
  ) throws(TemplateError) -> (elements: [Value], rest: Value)? {
    guard let key = keys.first, case .dict(var dict) = value.unmarked() else { return nil }
    guard let found = value[key] else {
      if skipsMissing { return nil }
      throw TemplateError(
        .other,
        "could not find '\(key)' key in iterated item '\(PythonText.str(item.unmarkedDeeply()))'")
    }
    if keys.count > 1 {
      guard case .dict = found.unmarked() else {
        if skipsMissing { return nil }
        throw TemplateError(
          .type,
          "the key \(key) should point to a dictionary, got '\(PythonText.str(found))'")
      }
      guard let (elements, rest) = try take(keys.dropFirst(), from: found, of: item, skipsMissing)
      else { return nil }
      dict[.string(key)] = rest
      return (elements, .dict(dict).marked(value.marks))
    }
    guard let elements = found.unmarked().sequence else {
      throw TemplateError(
        .type, "the key \(key) should point to a list, got '\(PythonText.str(found))'")
    }
    dict[.string(key)] = nil
    return (elements.map { $0.marked(found.marks) }, .dict(dict).marked(value.marks))
  }
}
