internal import OrderedCollections
internal import Values

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
    let flat = values.flatMap { value -> [Value] in
      guard let inner = value.unmarked().sequence else { return [value] }
      return inner.map { $0.marked(value.marks) }
    }
    for (index, value) in flat.enumerated() {
      guard case .dict(let dict) = value.unmarked() else {
        let pair = index == 0 ? flat.prefix(2) : flat[(index - 1)...index]
        throw TemplateError(
          .type,
          "failed to combine variables, expected dicts but got a "
            + pair.map { "'\($0.pythonTypeName)'" }.joined(separator: " and a ") + ".")
      }
      merge(dict, into: &result)
    }
    return .dict(result)
  }

  /// In place: many small dictionaries would have the large one copied each time.
  private func merge(_ over: Value.Dictionary, into base: inout Value.Dictionary) {
    for (key, value) in over {
      guard let old = base.value(forPythonKey: key) else {
        base[key] = value
        continue
      }
      base.set(merge(value, over: old), forPythonKey: key)
    }
  }

  private func merge(_ value: Value, over old: Value) -> Value {
    switch (value.unmarked(), old.unmarked()) {
    case (.dict(let new), .dict(var base)) where isRecursive:
      merge(new, into: &base)
      return .dict(base).marked(value.marks.union(old.marks))
    case (.list(let new), .list(let base)):
      let merged: [Value]
      switch lists {
      case .replace: return value
      case .keep: return old
      case .append: merged = base + new
      case .prepend: merged = new + base
      case .appendMissing: merged = missing(new, in: base) + new
      case .prependMissing: merged = new + missing(new, in: base)
      }
      return .list(merged).marked(value.marks.union(old.marks))
    default: return value
    }
  }

  /// What is in one list and not in the other.
  private func missing(_ new: [Value], in base: [Value]) -> [Value] {
    let known = PythonSet(new)
    return base.filter { !known.contains($0) }
  }
}
