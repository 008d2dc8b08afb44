/// What `&…;` stands for in HTML, by the rules of its standard for text that isn't well formed.
enum CharacterReferences {
  /// The text with its references resolved; what isn't known stays.
  static func resolved(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      rest = rest[start...].dropFirst()
      let found = rest.first == "#" ? number(&rest) : named(&rest)
      result += (found ?? "&").unicodeScalars
    }
    return String(result + rest)
  }

  /// Takes a number behind `#` off the text; nil, and nothing taken, where there is none.
  private static func number(_ rest: inout Substring.UnicodeScalarView) -> String? {
    var digits = rest.dropFirst()
    let isHex = digits.first == "x" || digits.first == "X"
    if isHex { digits = digits.dropFirst() }
    let end = digits.firstIndex { !isDigit($0, isHex) } ?? digits.endIndex
    guard end > digits.startIndex else { return nil }
    // More than 64 bits are as wrong as anything beyond Unicode.
    let code = UInt64(String(digits[..<end]), radix: isHex ? 16 : 10) ?? .max
    rest = digits[end...]
    if rest.first == ";" { rest = rest.dropFirst() }
    return character(code)
  }

  private static func isDigit(_ scalar: Unicode.Scalar, _ isHex: Bool) -> Bool {
    switch scalar {
    case "0"..."9": true
    case "a"..."f", "A"..."F": isHex
    default: false
    }
  }

  private static func character(_ code: UInt64) -> String {
    switch code {
    case 0: "\u{FFFD}"
    case 0x80..<0xA0: String(windows[Int(code) - 0x80])
    case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0xFDD0...0xFDEF: ""
    case _ where code <= 0x10FFFF && code & 0xFFFE == 0xFFFE: ""
    default: UInt32(exactly: code).flatMap(Unicode.Scalar.init).map { String($0) } ?? "\u{FFFD}"
    }
  }

  /// Numbers from 128 on are meant as Windows' code page 1252 has them.
  private static let windows = Array(
    "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)

  /// Takes a name off the text: the whole, or the longest that may stand without its semicolon.
  private static func named(_ rest: inout Substring.UnicodeScalarView) -> String? {
    let body = rest.prefix(32)
    let end = body.firstIndex { "\t\n\u{0C} <&#;".unicodeScalars.contains($0) } ?? body.endIndex
    let name = Substring(body[..<end])
    if rest[end...].first == ";", let value = HTMLNames.all[name] {
      rest = rest[end...].dropFirst()
      return value
    }
    var part = name
    while part.unicodeScalars.count > 1 {
      if HTMLNames.unended.contains(part), let value = HTMLNames.all[part] {
        rest = rest[part.endIndex...]
        return value
      }
      part = Substring(part.unicodeScalars.dropLast())
    }
    return nil
  }
}
