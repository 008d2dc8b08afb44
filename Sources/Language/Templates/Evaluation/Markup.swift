internal import OrderedCollections
internal import Values

/// Text that is HTML already, and the rules by which MarkupSafe joins it with text that isn't.
enum Markup {
  /// The text with what HTML reads as its own written as entities.
  static func escape(_ text: String) -> String {
    var text = text
    let isPlain = text.withUTF8 { bytes in
      bytes.allSatisfy { $0 != 38 && $0 != 60 && $0 != 62 && $0 != 39 && $0 != 34 }
    }
    if isPlain { return text }
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count * 5 / 4)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): result += "&amp;".utf8
      case UInt8(ascii: "<"): result += "&lt;".utf8
      case UInt8(ascii: ">"): result += "&gt;".utf8
      case UInt8(ascii: "'"): result += "&#39;".utf8
      case UInt8(ascii: "\""): result += "&#34;".utf8
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// What an operand is as HTML: as it is, or escaped.
  static func html(_ value: Value) -> Value {
    if value.marks.contains(.markup) { return value }
    let marks = value.marks.union(.markup)
    return .string(escape(PythonText.str(value.unmarked()))).marked(marks)
  }

  /// Operators where a side is HTML already: the other side is escaped.
  static func combine(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws(TemplateError) -> Operand {
    var operands = [left, right]
    switch operation {
    case .add where left.unmarked().isText && right.unmarked().isText:
      operands = operands.map(html)
    case .modulo where left.marks.contains(.markup):
      operands[1] = escapedArguments(right)
    default: break
    }
    let result = try Value.liftDeeply(operands.map(\.withoutMarkup)) {
      (operands) throws(TemplateError) -> Value in
      if operation == .modulo, case .string(let format) = operands[0] {
        return .string(try PercentFormat.apply(format, operands[1]))
      }
      return try Arithmetic.apply(operation, operands[0], operands[1])
    }
    return .value(result.htmlText)
  }

  /// Filters and methods of `Markup` whose result is one, too.
  private static let keepers: Set<String> = [
    "upper", "lower", "capitalize", "trim", "indent", "center", "truncate", "format", "reverse",
    "replace", "string", "swapcase", "strip", "lstrip", "rstrip", "expandtabs", "ljust", "rjust",
    "zfill", "casefold", "join", "removeprefix", "removesuffix", "split", "rsplit", "splitlines",
    "partition", "rpartition", "default", "d", "urlize",
  ]
  /// Filters that know about `Markup` even where none is given.
  static func rules(of name: String) -> Rules {
    switch name {
    case "safe", "escape", "e", "forceescape", "tojson", "xmlattr", "urlize", "string": .always
    case "join", "replace": .whereEscaping
    default: .none
    }
  }

  /// When a filter has rules for `Markup` though it is given none.
  enum Rules { case none, whereEscaping, always }

  /// Whether the usual way of applying a function isn't enough.
  static func concerns(_ function: LibraryFunction, _ input: Operand) -> Bool {
    function.markupRules != .none || input.isMarkup
  }

  /// The result of a filter or method, as MarkupSafe has it.
  static func apply(
    _ function: LibraryFunction, to input: Operand, _ arguments: Arguments,
    _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    switch function.name {
    case "safe", "escape", "e", "forceescape", "string":
      return .value(try convert(function.name, try text(of: input, evaluator)))
    case "tojson": return try evaluator.applyPlainly(function, to: input, arguments).htmlText
    case "xmlattr", "urlize":
      let result = try evaluator.applyPlainly(function, to: input, arguments)
      return evaluator.autoescapes ? result.htmlText : result
    case "join" where evaluator.autoescapes && !input.isMarkup:
      return try join(function, input, arguments, evaluator)
    case "replace" where evaluator.autoescapes || input.isMarkup:
      return try replace(function, input, arguments, evaluator)
    default: break
    }
    guard input.isMarkup else { return try evaluator.applyPlainly(function, to: input, arguments) }
    let safe = try arguments.map { (operand) throws(TemplateError) -> Operand in
      guard case .value(let value) = operand else { return operand }
      let isEscaped = function.name == "join" || function.name == "format"
      return .value(isEscaped ? escaped(value) : value.withoutMarkup)
    }
    let result = try evaluator.applyPlainly(function, to: input.withoutMarkup, safe)
    return keepers.contains(function.name) ? result.htmlText : result
  }

  /// Text among a method's arguments, and in lists of them, escaped.
  private static func escaped(_ value: Value) -> Value {
    switch value.unmarked() {
    case .string: return html(value).withoutMarkup
    case .list(let items): return .list(items.map(escaped)).marked(value.marks)
    case .tuple(let items): return .tuple(items.map(escaped)).marked(value.marks)
    default: return value
    }
  }

  /// What a format's fields are filled with, as HTML.
  static func escapedArguments(_ value: Value) -> Value {
    switch value.unmarked() {
    case .tuple(let items): .tuple(items.map(escapedArguments)).marked(value.marks)
    case .dict(let dict): .dict(dict.mapValues(escapedArguments)).marked(value.marks)
    case .int, .float, .bool: value
    default: html(value).withoutMarkup
    }
  }

  /// The value of an operand with Python's `str` made of it.
  private static func text(
    of operand: Operand, _ evaluator: Evaluator
  ) throws(TemplateError) -> Value {
    let value = try evaluator.value(of: operand)
    if case .string = value.unmarked() { return value }
    return try Value.liftDeeply([value]) { .string(PythonText.str($0[0])) }
  }

  private static func convert(_ name: String, _ value: Value) throws(TemplateError) -> Value {
    switch name {
    case "safe": value.marked(.markup)
    case "forceescape": html(value.withoutMarkup)
    case "string": value
    default: html(value)
    }
  }

  /// Where one item is `Markup`, the others are escaped.
  private static func join(
    _ function: LibraryFunction, _ input: Operand, _ arguments: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    let items = try evaluator.items(of: input)
    let separator = arguments.positional.first
    let anyMarkup = items.contains(where: \.isMarkup)
    guard anyMarkup || separator?.isMarkup ?? false else {
      return try evaluator.applyPlainly(function, to: input, arguments)
    }
    var escaped: [Value] = []
    for item in items {
      escaped.append(html(try evaluator.value(of: item)).withoutMarkup)
    }
    var plain = arguments
    if let separator {
      plain.positional[0] = .value(html(try evaluator.value(of: separator)).withoutMarkup)
    }
    return try evaluator.applyPlainly(function, to: .value(.list(escaped)), plain).htmlText
  }

  /// Where any part is `Markup`, all are.
  private static func replace(
    _ function: LibraryFunction, _ input: Operand, _ arguments: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    let isMarkup = input.isMarkup || arguments.positional.prefix(2).contains(where: \.isMarkup)
    guard isMarkup else { return try evaluator.applyPlainly(function, to: input, arguments) }
    let text = html(try text(of: input, evaluator)).withoutMarkup
    var escaped = arguments
    if escaped.positional.count > 1, case .value(let new) = escaped.positional[1],
      new.unmarked().isText
    {
      // MarkupSafe escapes what is put in, and looks for what is replaced as it is.
      escaped.positional[1] = .value(html(new).withoutMarkup)
    }
    escaped = try escaped.map { (operand) throws(TemplateError) in operand.withoutMarkup }
    return try evaluator.applyPlainly(function, to: .value(text), escaped).htmlText
  }
}

extension Value {
  /// The value without the mark of HTML.
  var withoutMarkup: Value {
    guard case .marked(let inner, let marks) = self, marks.contains(.markup) else { return self }
    return inner.marked(marks.subtracting(.markup))
  }

  /// Text, and text in a list of texts, marked as HTML.
  var htmlText: Value {
    switch unmarked() {
    case .string: marked(.markup)
    case .list(let items): .list(items.map(\.htmlText)).marked(marks)
    case .tuple(let items): .tuple(items.map(\.htmlText)).marked(marks)
    default: self
    }
  }
}

extension Operand {
  /// Whether this is text that is HTML already.
  var isMarkup: Bool {
    if case .value(.marked(_, let marks)) = self { return marks.contains(.markup) }
    return false
  }

  var withoutMarkup: Operand {
    if case .value(let value) = self { return .value(value.withoutMarkup) }
    return self
  }

  var htmlText: Operand {
    if case .value(let value) = self { return .value(value.htmlText) }
    return self
  }
}

extension Arguments {
  /// The arguments, each changed.
  func map(
    _ transform: (Operand) throws(TemplateError) -> Operand
  ) throws(TemplateError) -> Arguments {
    var changed = Arguments()
    for operand in positional { changed.positional.append(try transform(operand)) }
    for (name, operand) in keyword { changed.keyword.append((name, try transform(operand))) }
    return changed
  }
}
