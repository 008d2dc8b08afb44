/// How text is dressed: colours on a terminal that wants them, plain elsewhere.
package struct Style: Sendable {
  package var hasColour: Bool

  package init(hasColour: Bool) { self.hasColour = hasColour }

  /// Select Graphic Rendition codes of ECMA-48.
  enum Colour: String {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case cyan = "36"
    case dim = "2"
    case bold = "1"
  }

  func paint(_ text: String, _ colour: Colour) -> String {
    hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Text from a host, made harmless for a terminal: control characters but tab and newline become
  /// visible, so that no output can move the cursor or change the title.
  static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isControl(scalar) {
        result.append(contentsOf: "\\x\(String(scalar.value, radix: 16))".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F, 0x80..<0xA0: true
    default: false
    }
  }
}
