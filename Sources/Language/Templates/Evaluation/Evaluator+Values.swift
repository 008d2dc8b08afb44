internal import OrderedCollections
internal import Values

extension Evaluator {
  /// The value of an operand; what is undefined is an error, what is omitted too.
  func value(of operand: Operand) throws(TemplateError) -> Value {
    switch operand {
    case .value(let value): return value
    case .undefined(let undefined):
      if !isStrict || undefined.isSilent && !dialect.isAnsible { return .string("") }
      throw error(for: undefined)
    case .omit: throw TemplateError(.omitted, "A template was resolved to an Omit scalar.")
    case .sequence(let operands):
      var values: [Value] = []
      for operand in operands {
        if case .omit = operand { continue }
        values.append(try value(of: operand))
      }
      return .list(values)
    case .object(let object): return try object.value(self)
    }
  }

  /// The value of what stands beside an operator; something undefined is an error of any kind.
  func required(_ operand: Operand) throws(TemplateError) -> Value {
    if case .undefined(let undefined) = operand { throw error(for: undefined) }
    return try value(of: operand)
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

  /// What an operand prints as.
  func piece(of operand: Operand) throws(TemplateError) -> RenderedText.Piece {
    switch operand {
    case .value(.string(let text)): return .known(autoescapes ? Markup.escape(text) : text)
    case .value(.int(let number)): return .known(String(number))
    case .value(let value): return try piece(of: value)
    case .object(let object as any PrintableObject):
      return .known(autoescapes ? Markup.escape(object.text) : object.text)
    case .omit: return .known("")
    case .undefined(let undefined) where !isStrict || undefined.isSilent: return .known("")
    case .sequence(let operands) where !dialect.isAnsible:
      return .known("[" + (try texts(of: operands)).joined(separator: ", ") + "]")
    default: return try piece(of: try value(of: operand))
    }
  }

  private func piece(of value: Value) throws(TemplateError) -> RenderedText.Piece {
    if let unknown = value.firstUnknown { return .unknown(unknown) }
    let marks = value.marksDeeply
    let data = dialect.isAnsible ? value.withoutTuples : value
    var text = PythonText.str(marks.contains(.secret) ? data.unmarkedDeeply() : data)
    if autoescapes, !value.marks.contains(.markup) { text = Markup.escape(text) }
    try session.grow(by: text.utf8.count)
    return marks.contains(.secret) ? .secret(text) : .known(text)
  }

  private func texts(of operands: [Operand]) throws(TemplateError) -> [String] {
    var texts: [String] = []
    for operand in operands { texts.append(try representation(of: operand)) }
    return texts
  }

  /// What Python's `repr` makes of an operand.
  private func representation(of operand: Operand) throws(TemplateError) -> String {
    switch operand {
    case .undefined: return "Undefined"
    case .object(let object as any PrintableObject): return object.text
    default: return PythonText.repr(try value(of: operand))
    }
  }

  /// The error that using something undefined is.
  func error(for undefined: Undefined) -> TemplateError {
    undefined.error { self.context.variables.names }
  }

  /// What an `if` without `else` gives where it is false.
  func withoutElse(at offset: Int) -> Operand {
    .undefined(
      Undefined(
        message: dialect.isAnsible
          ? "the inline if-expression evaluated to false and no else section was defined."
          : "the inline if-expression on line \(template.line(of: offset)) evaluated to false and "
            + "no else section was defined.",
        template: template, offset: offset, isSilent: true))
  }

  /// A name that stands for nothing, with the place of its use.
  func undefined(_ name: Name, at offset: Int) -> Operand {
    .undefined(Undefined(name: name, template: template, offset: offset))
  }

  /// Something undefined, with the place of its use.
  func undefined(_ message: String, name: String? = nil, at offset: Int) -> Operand {
    .undefined(Undefined(message: message, name: name, template: template, offset: offset))
  }

  /// Truth as Python has it; an unknown has none.
  func truth(of operand: Operand) throws(TemplateError) -> Truth {
    switch operand {
    case .value(let value):
      if case .unknown(let unknown) = value.unmarked() { return .unknown(unknown, value.marks) }
      return .known(value.isTruthy, value.marks)
    case .sequence(let operands): return .known(!operands.isEmpty, .none)
    case .object(let object as any LazyCollection): return .known(!object.isEmpty, .none)
    case .object, .omit: return .known(true, .none)
    case .undefined(let undefined):
      if undefined.isSilent || !isStrict { return .known(false, .none) }
      throw error(for: undefined)
    }
  }

  /// Whether something is true, where only `apply` may be able to tell.
  enum Truth {
    case known(Bool, Marks)
    case unknown(Unknown, Marks)
  }
}
