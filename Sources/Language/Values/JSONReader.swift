internal import OrderedCollections

/// Reads JSON (RFC 8259), and Python's `NaN` and `Infinity`.
struct JSONReader {
  /// How deep lists and objects may nest.
  private static let depthLimit = 500

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The one value of the text.
  mutating func read() throws(JSONError) -> Value {
    let value = try readValue()
    skipSpace()
    guard position == bytes.count else { throw error("unexpected text behind the value") }
    return value
  }

  private func error(_ message: String) -> JSONError {
    JSONError(message: message, offset: position)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [32, 9, 10, 13].contains(bytes[position]) { position += 1 }
  }

  private mutating func readValue() throws(JSONError) -> Value {
    skipSpace()
    guard position < bytes.count else { throw error("a value is missing") }
    switch bytes[position] {
    case UInt8(ascii: "{"):
      return try nested { (reader) throws(JSONError) in try reader.readObject() }
    case UInt8(ascii: "["):
      return try nested { (reader) throws(JSONError) in try reader.readList() }
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "t"): return try take("true", .bool(true))
    case UInt8(ascii: "f"): return try take("false", .bool(false))
    case UInt8(ascii: "n"): return try take("null", .null)
    case UInt8(ascii: "N"): return try take("NaN", .float(.nan))
    case UInt8(ascii: "I"): return try take("Infinity", .float(.infinity))
    default: return try readNumber()
    }
  }

  private mutating func nested(
    _ body: (inout JSONReader) throws(JSONError) -> Value
  ) throws(JSONError) -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw error("nested too deep") }
    return try body(&self)
  }

  private mutating func take(_ word: String, _ value: Value) throws(JSONError) -> Value {
    guard bytes[position...].starts(with: word.utf8) else { throw error("unexpected character") }
    position += word.utf8.count
    return value
  }

  private mutating func skip(_ character: UInt8) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == character else { return false }
    position += 1
    return true
  }

  private mutating func readList() throws(JSONError) -> Value {
    position += 1
    var items: [Value] = []
    if skip(UInt8(ascii: "]")) { return .list(items) }
    repeat { items.append(try readValue()) } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw error("`]` or `,` is missing") }
    return .list(items)
  }

  private mutating func readObject() throws(JSONError) -> Value {
    position += 1
    var dict: OrderedDictionary<Value, Value> = [:]
    if skip(UInt8(ascii: "}")) { return .dict(dict) }
    repeat {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw error("a key in quotes is missing")
      }
      let key = try readString()
      guard skip(UInt8(ascii: ":")) else { throw error("`:` is missing") }
      dict[.string(key)] = try readValue()
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw error("`}` or `,` is missing") }
    return .dict(dict)
  }

  private mutating func readNumber() throws(JSONError) -> Value {
    let start = position
    while position < bytes.count, Self.isNumberPart(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if text == "-", bytes[position...].starts(with: "Infinity".utf8) {
      return try take("Infinity", .float(-.infinity))
    }
    if let number = Int(text), !text.hasPrefix("+") { return .int(number) }
    guard let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "."),
      let number = Double(text)
    else {
      position = start
      throw error("unexpected character")
    }
    return .float(number)
  }

  private static func isNumberPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private mutating func readString() throws(JSONError) -> String {
    position += 1
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content += try readEscape().utf8
      default: content.append(byte)
      }
    }
    throw error("`\"` is missing")
  }

  private mutating func readEscape() throws(JSONError) -> String {
    guard position < bytes.count else { throw error("an escape is cut off") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return String(Unicode.Scalar(byte))
    case UInt8(ascii: "u"):
      let unit = try readUnit()
      if UTF16.isLeadSurrogate(unit), bytes[position...].starts(with: "\\u".utf8) {
        position += 2
        return String(decoding: [unit, try readUnit()], as: UTF16.self)
      }
      return String(decoding: [unit], as: UTF16.self)
    default: throw error("unknown escape")
    }
  }

  private mutating func readUnit() throws(JSONError) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("`\\u` needs four hexadecimal digits") }
    position += 4
    return unit
  }
}
