internal import Values

extension YAMLWriter {
  mutating func scalar(_ value: Value, isKey: Bool) {
    let text = YAMLText(value, isASCII: isASCII)
    let wanted = isCanonical ? "\"" : scalarStyle
    let style = text.style(wanted: wanted, isKey: isKey, isInFlow: flowLevel > 0)
    // A number in quotes would be read as text, hence the mark.
    if style != .plain, !text.isString, !isCanonical { indicator("!", needsSpace: true) }
    tag(Self.tagName(value))
    deeper(isFlow: true) { writer in
      switch style {
      case .plain: writer.plain(text.content, mayBreak: !isKey)
      case .single: writer.singleQuoted(text.content, mayBreak: !isKey)
      case .double: writer.doubleQuoted(text, mayBreak: !isKey)
      case .literal: writer.literal(text.content)
      case .folded: writer.folded(text.content)
      }
    }
  }

  private static func tagName(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool: "bool"
    case .int: "int"
    case .float: "float"
    default: "str"
    }
  }

  private mutating func plain(_ content: String, mayBreak: Bool) {
    if !endsInSpace { put(" ") }
    let scalars = Array(content.unicodeScalars)
    var wasSpace = false
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      if scalar == " ", mayBreak, !wasSpace, column > width, next != " " {
        margin()
      } else {
        put(scalar)
      }
      wasSpace = scalar == " "
    }
    (endsInSpace, isInMargin, isOpenEnded) = (false, false, false)
  }

  private mutating func singleQuoted(_ content: String, mayBreak: Bool) {
    indicator("'", needsSpace: true)
    let scalars = Array(content.unicodeScalars)
    var (wasSpace, wasBreak) = (false, false)
    for (index, scalar) in scalars.enumerated() {
      if scalar == " " {
        let isInside = index > 0 && index < scalars.count - 1 && scalars[index + 1] != " "
        if wasBreak { margin() }
        if mayBreak, !wasSpace, column > width, isInside { margin() } else { put(" ") }
      } else if YAMLText.isBreak(scalar) {
        if !wasBreak, scalar == "\n" { lineBreak() }
        scalar == "\n" ? lineBreak() : lineBreak(scalar)
        isInMargin = true
      } else {
        if wasBreak { margin() }
        if scalar == "'" { put("'") }
        put(scalar)
        isInMargin = false
      }
      (wasSpace, wasBreak) = (scalar == " ", YAMLText.isBreak(scalar))
    }
    if wasBreak { margin() }
    indicator("'", needsSpace: false)
    (endsInSpace, isInMargin) = (false, false)
  }

  private mutating func doubleQuoted(_ text: YAMLText, mayBreak: Bool) {
    indicator("\"", needsSpace: true)
    let scalars = Array(text.content.unicodeScalars)
    var wasSpace = false
    for (index, scalar) in scalars.enumerated() {
      if scalar == " ", mayBreak, !wasSpace, column > width, index > 0, index < scalars.count - 1 {
        margin()
        if scalars[index + 1] == " " { put("\\") }
      } else {
        for part in text.escaped(scalar).unicodeScalars { put(part) }
      }
      wasSpace = scalar == " "
    }
    indicator("\"", needsSpace: false)
    (endsInSpace, isInMargin) = (false, false)
  }

  // MARK: Blocks

  /// `|` or `>`, with what can't be seen from the text: its margin and its last line breaks.
  private mutating func blockHeader(_ sign: String, _ scalars: [Unicode.Scalar]) {
    indicator(sign, needsSpace: true)
    if let first = scalars.first, first == " " || YAMLText.isBreak(first) {
      indicator(String(step), needsSpace: false)
    }
    let breaks = scalars.suffix(2).reversed().prefix(while: YAMLText.isBreak).count
    let isOpen = breaks == 2 || breaks == 1 && scalars.count == 1
    if breaks == 0 {
      indicator("-", needsSpace: false)
    } else if isOpen {
      indicator("+", needsSpace: false)
    }
    lineBreak()
    (endsInSpace, isInMargin, isOpenEnded) = (true, true, isOpen)
  }

  private mutating func literal(_ content: String) {
    let scalars = Array(content.unicodeScalars)
    blockHeader("|", scalars)
    var wasBreak = true
    for scalar in scalars {
      if YAMLText.isBreak(scalar) {
        lineBreak(scalar)
        isInMargin = true
      } else {
        if wasBreak { margin() }
        put(scalar)
        isInMargin = false
      }
      wasBreak = YAMLText.isBreak(scalar)
    }
  }

  private mutating func folded(_ content: String) {
    let scalars = Array(content.unicodeScalars)
    blockHeader(">", scalars)
    var (wasBreak, isIndented) = (true, true)
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      if YAMLText.isBreak(scalar) {
        // A single break would be read as a space.
        if !wasBreak, !isIndented, scalar == "\n", !Self.isBlankBehindBreaks(scalars[index...]) {
          lineBreak()
        }
        lineBreak(scalar)
        isInMargin = true
      } else {
        if wasBreak {
          margin()
          isIndented = scalar == " " || scalar == "\t"
        }
        if !wasBreak, scalar == " ", next != " ", column > width { margin() } else { put(scalar) }
        isInMargin = false
      }
      wasBreak = YAMLText.isBreak(scalar)
    }
  }

  private static func isBlankBehindBreaks(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    guard let next = scalars.drop(while: YAMLText.isBreak).first else { return true }
    return next == " " || next == "\t"
  }
}
