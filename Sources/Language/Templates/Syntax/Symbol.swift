/// An operator or a bracket of an expression: one or two ASCII characters, compared as a number.
struct Symbol: Equatable, Sendable, ExpressibleByStringLiteral {
  private let code: UInt16

  init(stringLiteral text: StaticString) {
    let start = text.utf8Start
    code = UInt16(start[0]) | (text.utf8CodeUnitCount > 1 ? UInt16(start[1]) << 8 : 0)
  }

  init(_ first: UInt8, _ second: UInt8 = 0) { code = UInt16(first) | UInt16(second) << 8 }

  /// As it is written.
  var text: String {
    let bytes = [UInt8(truncatingIfNeeded: code), UInt8(code >> 8)]
    return String(decoding: bytes.prefix(code >> 8 == 0 ? 1 : 2), as: UTF8.self)
  }
}
