internal import OrderedCollections
internal import Values

extension Evaluator {
  /// What a name stands for: what the template set, a variable, a function.
  func lookUp(_ name: Name, at offset: Int) throws(TemplateError) -> Operand {
    try lookUpIfThere(name, at: offset) ?? undefined(name, at: offset)
  }

  /// As `lookUp`; nil where the name stands for nothing.
  func lookUpIfThere(_ name: Name, at offset: Int) throws(TemplateError) -> Operand? {
    if let operand = frame.lookUp(name) { return operand }
    do throws(TemplateError) {
      if let operand = try context.resolve(name, self) { return operand }
    } catch {
      // The place of a variable's own mistake is where it is written; here it is only used.
      throw placed(error, at: offset)
    }
    if name == .current {
      if blocks.isEmpty { try register(template) }
      return .object(TemplateReference())
    }
    return nil
  }

  /// `base.name`: an attribute, or an item under a text key.
  func attribute(
    _ name: String, of base: Operand, at offset: Int
  ) throws(TemplateError) -> Operand {
    switch base {
    case .undefined(let nothing): return try attribute(of: nothing)
    case .omit, .sequence: break
    case .object(let object):
      if let found = try object.attribute(name, self) { return found }
    case .value(let value):
      switch value {
      case .dict(let dict):
        if let found = dict[.string(name)] { return .value(found) }
      case .unknown, .marked(.unknown, _): return base
      case .marked(.dict(let dict), let marks):
        if let found = dict[.string(name)] { return .value(found.marked(marks)) }
      default: break
      }
    }
    return try missing(name, of: base, at: offset)
  }

  /// What has no attribute of a name: a method, something unsafe, or something undefined.
  func missing(
    _ name: String, of base: Operand, at offset: Int
  ) throws(TemplateError) -> Operand {
    if name.hasPrefix("__") {
      let message = "access to attribute '\(name)' of '\(base.typeName)' object is unsafe."
      if dialect.isAnsible {
        throw TemplateError(.security, message, at: template.place(of: offset))
      }
      return .undefined(
        Undefined(message: message, template: template, offset: offset, isUnsafe: true))
    }
    if !dialect.isAnsible, let method = BoundMethod(name, of: base, self) {
      return .object(method)
    }
    return undefined(
      dialect.isAnsible
        ? "object of type '\(base.typeName)' has no attribute '\(name)'"
        : "'\(base.jinjaTypeName)' has no attribute '\(name)'", at: offset)
  }

  /// An attribute or item of what is undefined.
  func attribute(of undefined: Undefined) throws(TemplateError) -> Operand {
    if undefined.isSilent, !dialect.isAnsible { throw error(for: undefined) }
    switch dialect.undefined {
    case .chainable: return .undefined(undefined)
    case .standard: throw error(for: undefined)
    case .strict:
      if !dialect.isAnsible { throw error(for: undefined) }
      return .undefined(undefined)
    }
  }

  /// `base[key]`.
  func element(
    _ key: Operand, of base: Operand, at offset: Int
  ) throws(TemplateError) -> Operand {
    if case .undefined(let nothing) = base { return try attribute(of: nothing) }
    if case .undefined(let undefined) = key, !dialect.isAnsible, !(isStrict && base.isDict) {
      return self.undefined(
        "\(base.jinjaTypeName) has no element Undefined", name: undefined.name, at: offset)
    }
    let key = try value(of: key)
    if case .unknown = key.unmarked() { return .value(key) }
    let bare = key.unmarked()
    switch base {
    case .object(let object as any LazyCollection):
      if let found = try object.element(bare) { return found }
    case .object(let object):
      if case .string(let name) = bare, let found = try object.attribute(name, self) {
        return found
      }
    case .sequence(let operands):
      if case .int(let index) = bare {
        let at = index < 0 ? index + operands.count : index
        if operands.indices.contains(at) { return operands[at] }
      }
    case .value(let value):
      if case .unknown = value.unmarked() { return base }
      if let found = value.unmarked().pythonElement(bare) {
        return .value(found.marked(value.marks.union(key.marks)))
      }
    default: break
    }
    if case .string(let name) = bare, !key.marks.contains(.secret) {
      return try missing(name, of: base, at: offset)
    }
    return undefined(
      dialect.isAnsible
        ? "object of type '\(base.typeName)' has no attribute \(PythonText.repr(key))"
        : "\(base.jinjaTypeName) has no element \(PythonText.repr(key))", at: offset)
  }

  /// Calls a function, a macro or a method.
  func call(
    _ callee: any ExpressionNode, _ arguments: Arguments, at offset: Int
  ) throws(TemplateError) -> Operand {
    if let method = callee as? AttributeNode {
      return try callMethod(method, arguments)
    }
    return try call(try callee.evaluate(self), arguments, at: offset)
  }

  /// Has an object print what calling it gives; false where it has no way of its own to do so.
  func write(
    _ object: any TemplateObject, _ arguments: Arguments, at offset: Int
  ) throws(TemplateError) -> Bool {
    do throws(TemplateError) {
      return try session.descend { () throws(TemplateError) in
        try object.write(arguments, self)
      }
    } catch {
      throw placed(error, at: offset)
    }
  }

  func call(
    _ function: Operand, _ arguments: Arguments, at offset: Int
  ) throws(TemplateError) -> Operand {
    try placing(offset) { () throws(TemplateError) in
      switch function {
      case .undefined(let undefined): throw error(for: undefined)
      case .object(let object):
        return try session.descend { () throws(TemplateError) in
          try object.call(arguments, self, at: offset)
        }
      default: throw TemplateError(.type, "'\(function.typeName)' object is not callable")
      }
    }
  }

  private func callMethod(
    _ node: AttributeNode, _ arguments: Arguments
  ) throws(TemplateError) -> Operand {
    let (name, baseNode, offset) = (node.name, node.base, node.at)
    if let variable = baseNode as? NameNode, let mutation = Mutation(name),
      let result = try placing(
        offset,
        { () throws(TemplateError) in
          try mutateInPlace(variable.name, mutation, arguments)
        })
    {
      return result
    }
    let base = try baseNode.evaluate(self)
    return try placing(offset) { () throws(TemplateError) in
      switch base {
      case .undefined(let undefined): throw error(for: undefined)
      case .object(let object as any LazyCollection):
        let value = try object.value(self)
        if let change = Mutation(name) {
          return try mutate(baseNode, value, change, arguments)
        }
        return try callMethod(name, ofValue: value, arguments, at: offset)
      case .object(let object):
        if let method = try object.attribute(name, self) {
          if case .undefined(let undefined) = method { throw error(for: undefined) }
          guard case .object(let function) = method else {
            throw TemplateError(.type, "'\(method.typeName)' object is not callable")
          }
          return try session.descend { () throws(TemplateError) in
            try function.call(arguments, self, at: offset)
          }
        }
        if !dialect.isAnsible,
          case .undefined(let undefined) = try missing(name, of: base, at: offset)
        {
          throw error(for: undefined)
        }
        return try callMethod(name, ofValue: try object.value(self), arguments, at: offset)
      default:
        let value = try value(of: base)
        if let change = Mutation(name), change.concerns(value) || dialect.isAnsible {
          return try mutate(baseNode, value, change, arguments)
        }
        return try callMethod(name, ofValue: value, arguments, at: offset)
      }
    }
  }

  private func callMethod(
    _ name: String, ofValue value: Value, _ arguments: Arguments, at offset: Int
  ) throws(TemplateError) -> Operand {
    if case .unknown = value.unmarked() { return .value(value) }
    if !dialect.isAnsible, let view = DictView(name, of: value) { return .object(view) }
    guard let method = MethodLibrary.method(name, of: value.unmarked()) else {
      if case .dict(let dict) = value.unmarked(), let found = dict[.string(name)] {
        throw TemplateError(.type, "'\(found.pythonTypeName)' object is not callable")
      }
      let missing = try missing(name, of: .value(value), at: offset)
      guard case .undefined(let undefined) = missing else { return missing }
      throw error(for: undefined)
    }
    return try apply(method, to: .value(value), arguments)
  }
}
