internal import OrderedCollections
internal import Synchronization
internal import Values

/// A name: what the template set, a variable, a function.
final class NameNode: ExpressionNode {
  let name: Name
  private let at: Int

  init(_ name: String, at offset: Int) {
    self.name = Name(name)
    at = offset
  }

  var offset: Int? { at }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.lookUp(name, at: at)
  }
}

/// `base.name`.
final class AttributeNode: ExpressionNode {
  let base: any ExpressionNode
  let name: String
  let at: Int
  private let key: Value
  /// Where in a dictionary the name stood last: in a list of alike ones it stands there again.
  private let position = Atomic(0)

  init(_ base: any ExpressionNode, _ name: String, at offset: Int) {
    self.base = base
    self.name = name
    key = .string(name)
    at = offset
  }

  var offset: Int? { at }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    let operand = try base.evaluate(evaluator)
    if case .value(.dict(let dict)) = operand, let found = entry(of: dict) {
      return .value(found)
    }
    return try evaluator.attribute(name, of: operand, at: at)
  }

  private func entry(of dict: Value.Dictionary) -> Value? {
    let guess = position.load(ordering: .relaxed)
    if guess < dict.count, case .string(let text) = dict.keys[guess], text == name {
      return dict.values[guess]
    }
    guard let found = dict.index(forKey: key) else { return nil }
    position.store(found, ordering: .relaxed)
    return dict.values[found]
  }

  func walk(_ walker: TreeWalker) { walker.walk(base) }
}

/// `base[key]`.
final class ElementNode: ExpressionNode {
  let base: any ExpressionNode
  let key: any ExpressionNode
  private let at: Int

  init(_ base: any ExpressionNode, _ key: any ExpressionNode, at offset: Int) {
    self.base = base
    self.key = key
    at = offset
  }

  var offset: Int? { at }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    let index = try key.evaluate(evaluator)
    let operand = try base.evaluate(evaluator)
    switch (operand, index) {
    case (.value(.list(let items)), .value(.int(let index))) where items.indices.contains(index):
      return .value(items[index])
    case (.value(.dict(let dict)), .value(.string(let text))):
      if let found = dict[.string(text)] { return .value(found) }
    default: break
    }
    return try evaluator.element(index, of: operand, at: at)
  }

  func walk(_ walker: TreeWalker) {
    walker.walk(base)
    walker.walk(key)
  }
}

/// `base[start:stop:step]`.
final class SliceNode: ExpressionNode {
  private let base: any ExpressionNode
  private let bounds: SliceBounds
  private let at: Int

  init(_ base: any ExpressionNode, _ bounds: SliceBounds, at offset: Int) {
    self.base = base
    self.bounds = bounds
    at = offset
  }

  var offset: Int? { at }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    return try evaluator.placing(at) { () throws(TemplateError) in
      try slice(try base.evaluate(evaluator), evaluator)
    }
  }

  private func slice(
    _ base: Operand, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    if case .undefined(let undefined) = base { return try evaluator.attribute(of: undefined) }
    var operands = [try evaluator.value(of: base)]
    for bound in bounds.all { operands.append(try bound?.evaluateValue(evaluator) ?? .null) }
    return .value(
      try Value.liftCarefully(operands) { (operands) throws(TemplateError) in
        try PythonSlice(operands[1], operands[2], operands[3]).apply(to: operands[0])
      })
  }

  func walk(_ walker: TreeWalker) {
    walker.walk(base)
    walker.walk(bounds.all.compactMap { $0 })
  }
}

/// What stands between the brackets of a slice.
struct SliceBounds: Sendable {
  var start: (any ExpressionNode)?
  var stop: (any ExpressionNode)?
  var step: (any ExpressionNode)?

  var all: [(any ExpressionNode)?] { [start, stop, step] }
}
