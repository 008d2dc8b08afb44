internal import OrderedCollections
internal import Values

/// A method that changes the list or dictionary it is called on.
///
/// Values have no identity here: what is changed is the variable that the template names, as
/// `{% set _ = items.append(x) %}` means it.
enum Mutation: String {
  case append, extend, insert, remove, pop, clear, sort, reverse, update, setdefault, popitem

  init?(_ name: String) { self.init(rawValue: name) }

  /// Whether a value is one that has such methods.
  func concerns(_ value: Value) -> Bool {
    switch value.unmarked() {
    case .list, .dict, .unknown: true
    default: false
    }
  }

  /// Changes a bare value; what the method returns.
  func apply(to value: inout Value, _ arguments: [Value], _ keyword: [(String, Value)])
    throws(TemplateError) -> Value?
  {
    switch value {
    case .list(var items):
      // The only holder of the items changes them in place.
      value = .null
      let result = try apply(to: &items, arguments)
      value = .list(items)
      return result
    case .dict(var dict):
      value = .null
      let result = try apply(to: &dict, arguments, keyword)
      value = .dict(dict)
      return result
    default: return nil
    }
  }

  private func apply(to items: inout [Value], _ arguments: [Value]) throws(TemplateError) -> Value?
  {
    switch (self, arguments.count) {
    case (.append, 1): items.append(arguments[0])
    case (.extend, 1): items += try arguments[0].unmarked().pythonItems()
    case (.insert, 2):
      let index = arguments[0].pythonInt ?? 0
      let at = index < 0 ? max(0, index + items.count) : min(index, items.count)
      items.insert(arguments[1], at: at)
    case (.remove, 1):
      guard let index = items.firstIndex(where: { Comparison.equal($0, arguments[0]) }) else {
        throw TemplateError(.other, "list.remove(x): x not in list")
      }
      items.remove(at: index)
    case (.pop, 0...1):
      let index = arguments.first?.pythonInt ?? -1
      let at = index < 0 ? index + items.count : index
      guard items.indices.contains(at) else {
        throw TemplateError(
          .other, items.isEmpty ? "pop from empty list" : "pop index out of range")
      }
      return items.remove(at: at)
    case (.clear, 0): items = []
    case (.reverse, 0): items.reverse()
    case (.sort, 0): items = try Comparison.sorted(items) { $0 }
    default: return nil
    }
    return .null
  }

  private func apply(
    to dict: inout Value.Dictionary, _ arguments: [Value], _ keyword: [(String, Value)]
  ) throws(TemplateError) -> Value? {
    switch (self, arguments.count) {
    case (.update, 0...1):
      if let other = arguments.first {
        guard case .dict(let entries) = other.unmarked() else {
          throw TemplateError(.type, "'\(other.pythonTypeName)' object is not iterable")
        }
        for (key, value) in entries { dict.set(value, forPythonKey: key) }
      }
      for (name, value) in keyword { dict[.string(name)] = value }
    case (.setdefault, 1...2):
      let key = try arguments[0].dictionaryKey()
      if let found = dict.value(forPythonKey: key) { return found }
      let value = arguments.count > 1 ? arguments[1] : .null
      dict[key] = value
      return value
    case (.pop, 1...2):
      let key = try arguments[0].dictionaryKey()
      if let found = dict.removeValue(forKey: key) { return found }
      guard arguments.count > 1 else { throw TemplateError(.other, PythonText.repr(key)) }
      return arguments[1]
    case (.popitem, 0):
      guard let last = dict.keys.last, let value = dict.removeValue(forKey: last) else {
        throw TemplateError(.other, "popitem(): dictionary is empty")
      }
      return .tuple([last, value])
    case (.clear, 0): dict = [:]
    default: return nil
    }
    return .null
  }
}

extension Evaluator {
  /// Changes what a name of the template stands for, in place; nil where it stands for something
  /// else, or for nothing that has such a method.
  func mutateInPlace(
    _ name: Name, _ mutation: Mutation, _ arguments: Arguments
  ) throws(TemplateError) -> Operand? {
    guard arguments.keyword.isEmpty, let owner = frame.owner(of: name),
      case .value(var value)? = owner[name]
    else { return nil }
    switch value {
    case .list, .dict: break
    default: return nil
    }
    var positional: [Value] = []
    for operand in arguments.positional { positional.append(try self.value(of: operand)) }
    owner[name] = .null
    let result = try mutation.apply(to: &value, positional, [])
    owner[name] = .value(value)
    return result.map { .value($0) }
  }

  /// Calls a method that changes what it is called on, in the variable that `base` names.
  func mutate(
    _ base: any ExpressionNode, _ value: Value, _ mutation: Mutation, _ arguments: Arguments
  ) throws(TemplateError) -> Operand {
    if case .unknown = value.unmarked() { return .value(value) }
    var positional: [Value] = []
    for operand in arguments.positional { positional.append(try self.value(of: operand)) }
    var keyword: [(String, Value)] = []
    for (name, operand) in arguments.keyword { keyword.append((name, try self.value(of: operand))) }
    var changed = value.unmarked()
    guard let result = try mutation.apply(to: &changed, positional, keyword) else {
      throw TemplateError(
        .undefined,
        "object of type '\(value.pythonTypeName)' has no attribute '\(mutation.rawValue)'")
    }
    try store(changed.marked(value.marks), in: base)
    return .value(result)
  }

  /// Puts a changed value where an expression found it; a value without a name is dropped.
  private func store(_ value: Value, in node: any ExpressionNode) throws(TemplateError) {
    switch node {
    case let node as NameNode:
      (frame.owner(of: node.name) ?? frame.root)[node.name] = .value(value)
    case let node as AttributeNode: try store(value, under: .string(node.name), of: node.base)
    case let node as ElementNode:
      try store(value, under: try node.key.evaluateValue(self).unmarked(), of: node.base)
    default: break
    }
  }

  private func store(
    _ value: Value, under key: Value, of base: any ExpressionNode
  ) throws(TemplateError) {
    switch try base.evaluate(self) {
    case .object(let object as Namespace):
      if case .string(let name) = key { object.attributes[name] = .value(value) }
    case .value(let container):
      switch container.unmarked() {
      case .dict(var dict):
        dict.set(value, forPythonKey: key)
        try store(.dict(dict).marked(container.marks), in: base)
      case .list(var items):
        guard let index = key.pythonInt else { return }
        let at = index < 0 ? index + items.count : index
        guard items.indices.contains(at) else { return }
        items[at] = value
        try store(.list(items).marked(container.marks), in: base)
      default: break
      }
    default: break
    }
  }
}
