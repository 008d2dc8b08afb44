internal import OrderedCollections
internal import Values

extension Evaluator {
  /// What a statement wants its loop to do next.
  enum Flow { case normal, breaks, continues }

  /// Runs statements in order.
  func execute(_ statements: [StatementNode]) throws(TemplateError) -> Flow {
    for index in statements.indices {
      let flow = try execute(statements[index])
      if flow != .normal { return flow }
    }
    return .normal
  }

  private func execute(_ statement: StatementNode) throws(TemplateError) -> Flow {
    do throws(TemplateError) {
      return try perform(statement)
    } catch {
      if error.line != nil { throw error }
      var located = error
      located.line = template.line(of: statement.offset)
      throw located
    }
  }

  private func perform(_ statement: StatementNode) throws(TemplateError) -> Flow {
    try session.step()
    switch statement {
    case .text(let text):
      try session.grow(by: text.utf8.count)
      try output.write(text, self)
    case .output(let expression, let at):
      try placing(at) { () throws(TemplateError) in
        try output.write(try evaluate(expression), self)
      }
    case .conditional(let branches, let otherwise, let at):
      return try execute(branches, else: otherwise, at: at)
    case .loop(let loop): return try LoopRun(loop, self).run()
    case .autoescape(let flag, let body):
      let outer = autoescapes
      defer { autoescapes = outer }
      if case .known(let isOn, _) = try truth(of: try evaluate(flag)) { autoescapes = isOn }
      return try scoped { () throws(TemplateError) in try execute(body) }
    case .with(let bindings, let body, let at): return try executeWith(bindings, body, at: at)
    case .scoped(let body): return try scoped { () throws(TemplateError) in try execute(body) }
    case .evaluate(let expression): _ = try evaluate(expression)
    case .breakLoop: return .breaks
    case .continueLoop: return .continues
    default: try executeDefinition(statement)
    }
    return .normal
  }

  private func executeDefinition(_ statement: StatementNode) throws(TemplateError) {
    switch statement {
    case .set(let target, let expression, let at):
      try placing(at) { () throws(TemplateError) in
        try assign(try evaluate(expression), to: target)
      }
    case .setBlock(let target, let filtered, let body, let at):
      try placing(at) { () throws(TemplateError) in
        try assign(try text(of: body, through: filtered), to: target)
      }
    case .filtered(let filtered, let body, let at):
      try placing(at) { () throws(TemplateError) in
        try output.write(try text(of: body, through: filtered), self)
      }
    case .macro(let node): frame.names[node.name] = .object(Macro(node, definedIn: self))
    case .callBlock(let callee, let arguments, let caller, let at):
      try executeCall(callee, arguments, caller, at: at)
    default: try executeReference(statement)
    }
  }

  private func executeWith(
    _ bindings: [(TargetNode, ExpressionNode)], _ body: [StatementNode], at offset: Int
  ) throws(TemplateError) -> Flow {
    var operands: [Operand] = []
    for (_, expression) in bindings { operands.append(try evaluate(expression)) }
    return try scoped { () throws(TemplateError) in
      for (binding, operand) in zip(bindings, operands) {
        try placing(offset) { () throws(TemplateError) in try assign(operand, to: binding.0) }
      }
      return try execute(body)
    }
  }

  private func executeCall(
    _ callee: ExpressionNode, _ nodes: ArgumentNodes, _ caller: MacroNode, at offset: Int
  ) throws(TemplateError) {
    var arguments = try evaluate(nodes)
    arguments.keyword.append(("caller", .object(Macro(caller, definedIn: self))))
    let called = try call(callee, arguments, at: offset)
    try placing(offset) { () throws(TemplateError) in try output.write(called, self) }
  }

  /// What a block prints, put through filters.
  private func text(
    of body: [StatementNode], through filtered: ExpressionNode
  ) throws(TemplateError) -> Operand {
    let printed = try scoped { () throws(TemplateError) in
      try capturing { () throws(TemplateError) in _ = try execute(body) }
    }
    return try scoped { () throws(TemplateError) in
      frame.names[StatementNode.bodyName] = printed
      return try evaluate(filtered)
    }
  }

  private func execute(
    _ branches: [(test: ExpressionNode, body: [StatementNode])], else otherwise: [StatementNode],
    at offset: Int
  ) throws(TemplateError) -> Flow {
    for index in branches.indices {
      let answer = try placing(offset) { () throws(TemplateError) in
        try truth(of: try evaluate(branches[index].test))
      }
      switch answer {
      case .known(true, _): return try execute(branches[index].body)
      case .known(false, _): continue
      case .unknown(let unknown, let marks):
        // Any of what follows may be printed or set.
        var possible = branches[index...].flatMap(\.body)
        possible += otherwise
        try give(.unknown(unknown).marked(marks), toAllSetIn: possible)
        try output.write(.value(.unknown(unknown).marked(marks)), self)
        return .normal
      }
    }
    return try execute(otherwise)
  }

  /// Everything that statements would set is as unknown as whether they run.
  func give(_ value: Value, toAllSetIn statements: [StatementNode]) throws(TemplateError) {
    for statement in statements {
      switch statement {
      case .set(let target, _, _), .setBlock(let target, _, _, _): try give(value, to: target)
      case .conditional(let branches, let otherwise, _):
        for branch in branches { try give(value, toAllSetIn: branch.body) }
        try give(value, toAllSetIn: otherwise)
      case .loop(let loop): try give(value, toNamespacesIn: loop.body)
      default: break
      }
    }
  }

  private func give(_ value: Value, to target: TargetNode) throws(TemplateError) {
    switch target {
    case .name(let name): frame.names[name] = .value(value)
    case .attribute: try assign(.value(value), to: target)
    case .tuple(let targets, _): for target in targets { try give(value, to: target) }
    }
  }

  /// A loop's own names end with it, a namespace's don't.
  func give(_ value: Value, toNamespacesIn statements: [StatementNode]) throws(TemplateError) {
    for statement in statements {
      switch statement {
      case .set(.attribute(let name, let attribute, let at), _, _):
        guard frame.lookUp(name) != nil else { continue }
        try assign(.value(value), to: .attribute(name, attribute, at: at))
      case .conditional(let branches, let otherwise, _):
        for branch in branches { try give(value, toNamespacesIn: branch.body) }
        try give(value, toNamespacesIn: otherwise)
      case .loop(let loop): try give(value, toNamespacesIn: loop.body)
      default: break
      }
    }
  }

  /// Sets names, attributes of namespaces, or several at once.
  func assign(_ operand: Operand, to target: TargetNode) throws(TemplateError) {
    switch target {
    case .name(let name): frame.names[name] = operand
    case .attribute(let name, let attribute, let at):
      guard case .object(let object as Namespace)? = frame.lookUp(name) else {
        throw TemplateError(
          .other, "cannot assign attribute on non-namespace object", at: template.place(of: at))
      }
      object.attributes[attribute] = operand
    case .tuple(let targets, let at):
      if case .value(let value) = operand, case .unknown = value.unmarked() {
        for target in targets { try assign(operand, to: target) }
        return
      }
      if case .value(let value) = operand, value.unmarked().pythonCount == nil {
        throw TemplateError(
          .type, "cannot unpack non-iterable \(operand.typeName) object", at: template.place(of: at)
        )
      }
      let items = try placing(at) { () throws(TemplateError) in try self.items(of: operand) }
      guard items.count == targets.count else {
        let message =
          items.count > targets.count
          ? "too many values to unpack (expected \(targets.count))"
          : "not enough values to unpack (expected \(targets.count), got \(items.count))"
        throw TemplateError(.other, message, at: template.place(of: at))
      }
      for (target, item) in zip(targets, items) { try assign(item, to: target) }
    }
  }

  /// What a loop over an operand meets; the operand is known.
  func items(of operand: Operand) throws(TemplateError) -> [Operand] {
    switch operand {
    case .sequence(let operands): return operands
    case .object(let object as ScopeObject):
      return object.context.variables.names.sorted().map { .value(.string($0)) }
    case .object(let object as any LazyCollection): return try object.items()
    case .object(let object): return try items(of: .value(try object.value(self)))
    case .undefined(let undefined):
      if !isStrict { return [] }
      throw error(for: undefined)
    case .omit: throw TemplateError(.type, "'Omit' object is not iterable")
    case .value(let value):
      let marks = value.marks
      return try value.unmarked().pythonItems().map { .value($0.marked(marks)) }
    }
  }
}
