internal import Values

/// One run of a `{% for %}`.
struct LoopRun {
  private let node: LoopNode
  private let evaluator: Evaluator
  private let depth: Int

  init(_ node: LoopNode, _ evaluator: Evaluator, depth: Int = 0) {
    self.node = node
    self.evaluator = evaluator
    self.depth = depth
  }

  /// Over what the statement names.
  func run() throws(TemplateError) -> Flow {
    let iterable = try evaluator.placing(node.offset) { () throws(TemplateError) in
      try node.iterable.evaluate(evaluator)
    }
    try run(over: iterable)
    return .normal
  }

  /// Over an operand: what `loop(…)` of a recursive loop is called with.
  func run(over iterable: Operand) throws(TemplateError) {
    if case .value(let value) = iterable, case .unknown(let unknown) = value.unmarked() {
      let result = Value.unknown(unknown).marked(value.marks)
      try node.body.giveToNamespaces(result, evaluator)
      return try evaluator.output.write(.value(result), evaluator)
    }
    let outer = evaluator.frame
    defer { evaluator.frame = outer }
    let items = try evaluator.placing(node.offset) { () throws(TemplateError) in
      try filtered(try LoopItems(of: iterable, evaluator), in: outer)
    }
    if items.count == 0 {
      evaluator.frame = Frame(in: outer)
      _ = try evaluator.execute(node.otherwise)
      return
    }
    // As in Jinja2, `else` is for loops of which no pass came to its end.
    var isCompleted = false
    let loop = node.usesLoop ? LoopObject(items, node, depth: depth) : nil
    var frame = Frame(in: outer)
    evaluator.frame = frame
    for index in 0..<items.count {
      try evaluator.session.step()
      if frame.isHeld {
        frame = Frame(in: outer)
        evaluator.frame = frame
      } else {
        frame.removeAll()
      }
      if let loop {
        loop.index = index
        frame[.loop] = .object(loop)
      }
      try assign(items[index], in: frame)
      let flow = try evaluator.execute(node.body)
      if flow == .breaks { break }
      if flow == .normal { isCompleted = true }
    }
    if !isCompleted {
      evaluator.frame = Frame(in: outer)
      _ = try evaluator.execute(node.otherwise)
    }
  }

  private func assign(_ item: Operand, in frame: Frame) throws(TemplateError) {
    if case .name(let name) = node.target {
      frame[name] = item
    } else {
      try evaluator.assign(item, to: node.target)
    }
  }

  private func filtered(_ items: LoopItems, in outer: Frame) throws(TemplateError) -> LoopItems {
    guard let filter = node.filter else { return items }
    var kept: [Operand] = []
    for index in 0..<items.count {
      let item = items[index]
      evaluator.frame = Frame(in: outer)
      try evaluator.assign(item, to: node.target)
      switch try evaluator.truth(of: try filter.evaluate(evaluator)) {
      case .known(true, _): kept.append(item)
      case .known(false, _): break
      case .unknown(let unknown, let marks):
        kept.append(.value(.unknown(unknown).marked(marks)))
      }
    }
    return .operands(kept)
  }
}

/// What a loop goes over.
enum LoopItems {
  /// A list's items as they are: what is bare needs no operands made of it.
  case values([Value])
  case operands([Operand])

  init(of iterable: Operand, _ evaluator: Evaluator) throws(TemplateError) {
    if case .value(.list(let values)) = iterable {
      self = .values(values)
    } else {
      self = .operands(try evaluator.items(of: iterable))
    }
  }

  var count: Int {
    switch self {
    case .values(let values): values.count
    case .operands(let operands): operands.count
    }
  }

  subscript(index: Int) -> Operand {
    switch self {
    case .values(let values): .value(values[index])
    case .operands(let operands): operands[index]
    }
  }
}

/// `loop` inside of a `{% for %}`.
final class LoopObject: PrintableObject {
  let typeName = "LoopContext"
  private let items: LoopItems
  private let node: LoopNode
  private let depth: Int
  private var lastChanged: [Value]?
  /// How many passes are over.
  var index = 0

  init(_ items: LoopItems, _ node: LoopNode, depth: Int) {
    self.items = items
    self.node = node
    self.depth = depth
  }

  var text: String { "<LoopContext \(index + 1)/\(items.count)>" }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    switch name {
    case "index": .value(.int(index + 1))
    case "index0": .value(.int(index))
    case "revindex": .value(.int(items.count - index))
    case "revindex0": .value(.int(items.count - index - 1))
    case "first": .value(.bool(index == 0))
    case "last": .value(.bool(index == items.count - 1))
    case "length": .value(.int(items.count))
    case "depth": .value(.int(depth + 1))
    case "depth0": .value(.int(depth))
    case "previtem":
      index > 0 ? items[index - 1] : evaluator.undefined("there is no previous item", at: 0)
    case "nextitem":
      index + 1 < items.count
        ? items[index + 1] : evaluator.undefined("there is no next item", at: 0)
    case "cycle":
      .object(
        Function("cycle") { (arguments, _) throws(TemplateError) -> Operand in
          guard !arguments.positional.isEmpty else {
            throw TemplateError(.type, "no items for cycling given")
          }
          return arguments.positional[self.index % arguments.positional.count]
        })
    case "changed":
      .object(
        Function("changed") { (arguments, evaluator) throws(TemplateError) -> Operand in
          var values: [Value] = []
          for operand in arguments.positional { values.append(try evaluator.value(of: operand)) }
          defer { self.lastChanged = values }
          return .value(.bool(values != self.lastChanged))
        })
    default: nil
    }
  }

  /// `loop(items)` of a recursive loop.
  func call(
    _ arguments: Arguments, _ evaluator: Evaluator, at offset: Int
  ) throws(TemplateError) -> Operand {
    guard node.isRecursive else {
      throw TemplateError(
        .type, "The loop must have the 'recursive' marker to be called recursively.")
    }
    guard let iterable = arguments.positional.first else {
      throw TemplateError(
        .type, "LoopContext.__call__() missing 1 required positional argument: 'iterable'")
    }
    return try evaluator.session.descend { () throws(TemplateError) in
      try evaluator.capturing { () throws(TemplateError) in
        try LoopRun(node, evaluator, depth: depth + 1).run(over: iterable)
      }
    }
  }
}
