internal import OrderedCollections
package import Values

/// JSON (RFC 8259) as values.
package struct JSONReader {
  private var bytes: ArraySlice<UInt8>
  private var depth = 0

  /// The value of `text`; nil where it is no JSON.
  package static func read(_ text: some StringProtocol) -> Value? {
    var reader = JSONReader(bytes: Array(text.utf8)[...])
    guard let value = reader.value() else { return nil }
    reader.skipSpace()
    return reader.bytes.isEmpty ? value : nil
  }

  private mutating func skipSpace() {
    bytes = bytes.drop { $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
  }

  private mutating func take(_ text: StaticString) -> Bool {
    let word = String(describing: text).utf8
    guard bytes.starts(with: word) else { return false }
    bytes = bytes.dropFirst(word.count)
    return true
  }

  private mutating func value() -> Value? {
    skipSpace()
    // So deep is nobody's data; a stack has an end.
    if depth > 200 { return nil }
    switch bytes.first {
    case UInt8(ascii: "{"): return object()
    case UInt8(ascii: "["): return list()
    case UInt8(ascii: "\""): return string().map { .string($0) }
    case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return take("null") ? .null : nil
    default: return number()
    }
  }

  private mutating func object() -> Value? {
    depth += 1
    defer { depth -= 1 }
    bytes = bytes.dropFirst()
    var fields: OrderedDictionary<String, Value> = [:]
    skipSpace()
    if take("}") { return .object(fields) }
    while true {
      skipSpace()
      guard let key = string() else { return nil }
      skipSpace()
      guard take(":"), let value = value() else { return nil }
      fields[key] = value
      skipSpace()
      if take("}") { return .object(fields) }
      guard take(",") else { return nil }
    }
  }

  private mutating func list() -> Value? {
    depth += 1
    defer { depth -= 1 }
    bytes = bytes.dropFirst()
    var items: [Value] = []
    skipSpace()
    if take("]") { return .list(items) }
    while true {
      guard let value = value() else { return nil }
      items.append(value)
      skipSpace()
      if take("]") { return .list(items) }
      guard take(",") else { return nil }
    }
  }

  private mutating func number() -> Value? {
    let text = String(
      decoding: bytes.prefix { (48...57).contains($0) || "+-.eE".utf8.contains($0) },
      as: UTF8.self)
    bytes = bytes.dropFirst(text.utf8.count)
    if let number = Int(text) { return .int(number) }
    return Double(text).map { .float($0) }
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var units: [UInt8] = []
    while let byte = bytes.popFirst() {
      if byte == UInt8(ascii: "\"") { return String(decoding: units, as: UTF8.self) }
      if byte != UInt8(ascii: "\\") {
        units.append(byte)
        continue
      }
      guard let escape = bytes.popFirst() else { return nil }
      switch escape {
      case UInt8(ascii: "n"): units.append(0x0a)
      case UInt8(ascii: "t"): units.append(0x09)
      case UInt8(ascii: "r"): units.append(0x0d)
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0c)
      case UInt8(ascii: "u"):
        guard let scalar = scalar() else { return nil }
        units += Array(String(scalar).utf8)
      default: units.append(escape)
      }
    }
    return nil
  }

  private mutating func unit() -> UInt32? {
    let digits = String(decoding: bytes.prefix(4), as: UTF8.self)
    guard digits.utf8.count == 4, let number = UInt32(digits, radix: 16) else { return nil }
    bytes = bytes.dropFirst(4)
    return number
  }

  /// `XXXX`, and where it is the first half of a pair, `\uXXXX` after it.
  private mutating func scalar() -> Unicode.Scalar? {
    guard let high = unit() else { return nil }
    guard (0xd800..<0xdc00).contains(high) else { return Unicode.Scalar(high) ?? "\u{fffd}" }
    guard take("\\u"), let low = unit(), (0xdc00..<0xe000).contains(low) else {
      return "\u{fffd}"
    }
    return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
  }
}
