internal import OrderedCollections

/// Writes JSON as Python's `json.dumps`.
struct JSONWriter {
  private let style: JSONStyle
  /// Bytes, for appending to text costs several times as much.
  private var bytes: [UInt8] = []
  private var order = KeyOrder()

  init(_ style: JSONStyle) { self.style = style }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func put(_ text: String) {
    // All bytes at once: one by one costs several times as much.
    let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { bytes.append(contentsOf: $0) }
    if isDone == nil { bytes.append(contentsOf: text.utf8) }
  }

  private mutating func breakLine(indent: Int) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
  }

  mutating func write(_ value: Value, depth: Int) {
    switch value {
    case .null: put("null")
    case .bool(let flag): put(flag ? "true" : "false")
    case .int(let number): put(String(number))
    case .float(let number): write(number)
    case .string(let content): write(content)
    case .list(let items), .tuple(let items): write(items, depth: depth)
    case .dict(let dict): write(dict, depth: depth)
    case .unknown: write("(known after apply)")
    case .marked(let inner, _): write(inner, depth: depth)
    }
  }

  private mutating func write(_ items: [Value], depth: Int) {
    if items.isEmpty {
      put("[]")
      return
    }
    put("[")
    for (index, item) in items.enumerated() {
      separate(index, depth)
      write(item, depth: depth + 1)
    }
    end("]", depth)
  }

  private mutating func write(_ dict: OrderedDictionary<Value, Value>, depth: Int) {
    if dict.isEmpty {
      put("{}")
      return
    }
    put("{")
    var entries = dict.map { (key: Self.key($0.key), value: $0.value) }
    if style.sortsKeys { entries = order.sorted(entries) }
    if entries.count < Self.many {
      for (index, entry) in entries.enumerated() { write(entry, index, depth) }
    } else {
      writeSideBySide(entries, depth)
    }
    end("}", depth)
  }

  /// From how many entries on several processors write them.
  private static let many = 1000

  private mutating func writeSideBySide(_ entries: [(key: String, value: Value)], _ depth: Int) {
    let parts = SideBySide.map(entries.count, inPartsOf: Self.many / 2) { [style] part in
      var writer = JSONWriter(style)
      for index in part { writer.write(entries[index], index, depth) }
      return writer.bytes
    }
    for part in parts { bytes += part }
  }

  private mutating func write(
    _ entry: (key: String, value: Value), _ index: Int, _ depth: Int
  ) {
    separate(index, depth)
    write(entry.key)
    put(style.keySeparator)
    write(entry.value, depth: depth + 1)
  }

  private mutating func separate(_ index: Int, _ depth: Int) {
    guard let indent = style.indent else {
      if index > 0 { put(style.itemSeparator) }
      return
    }
    if index > 0 { put(style.itemSeparator.hasSuffix(" ") ? "," : style.itemSeparator) }
    breakLine(indent: indent * (depth + 1))
  }

  private mutating func end(_ bracket: String, _ depth: Int) {
    if let indent = style.indent { breakLine(indent: indent * depth) }
    put(bracket)
  }

  private static func key(_ value: Value) -> String {
    if case .string(let text) = value.unmarked() { return text }
    var writer = JSONWriter(JSONStyle())
    writer.write(value, depth: 0)
    return writer.text
  }

  private mutating func write(_ number: Double) {
    if number.isNaN {
      put("NaN")
      return
    }
    if number.isInfinite {
      put(number < 0 ? "-Infinity" : "Infinity")
      return
    }
    put(number.pythonDescription)
  }

  private mutating func write(_ content: String) {
    if Self.isPlain(content) {
      put("\"")
      put(content)
      put("\"")
      return
    }
    put("\"")
    for scalar in content.unicodeScalars {
      switch scalar {
      case "\"": put("\\\"")
      case "\\": put("\\\\")
      case "\n": put("\\n")
      case "\r": put("\\r")
      case "\t": put("\\t")
      case "\u{08}": put("\\b")
      case "\u{0C}": put("\\f")
      default:
        if scalar.value < 32 || style.isASCII && scalar.value > 126 {
          for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            put("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
          }
        } else {
          put(String(scalar))
        }
      }
    }
    put("\"")
  }
}

extension JSONWriter {
  /// Whether nothing in a text must be escaped.
  fileprivate static func isPlain(_ text: String) -> Bool {
    func isPlain(_ byte: UInt8) -> Bool { byte >= 32 && byte < 127 && byte != 34 && byte != 92 }
    return text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(isPlain) }
      ?? text.utf8.allSatisfy(isPlain)
  }
}

/// The order of a dictionary's keys. Dictionaries in a row often have the same keys: hosts do.
private struct KeyOrder {
  typealias Entry = (key: String, value: Value)

  private var keys: [String] = []
  /// Where the keys stand when they are sorted.
  private var places: [Int] = []

  /// The entries in the order of their keys' bytes.
  mutating func sorted(_ entries: [Entry]) -> [Entry] {
    if !entries.lazy.map(\.key).elementsEqual(keys) {
      keys = entries.map(\.key)
      places = Array(entries.indices)
      // Swift orders ASCII by its bytes, and fast.
      if keys.allSatisfy({ $0.utf8.allSatisfy { $0 < 128 } }) {
        places.sort { keys[$0] < keys[$1] }
      } else {
        places.sort { keys[$0].utf8.lexicographicallyPrecedes(keys[$1].utf8) }
      }
    }
    return places.map { entries[$0] }
  }
}

extension Double {
  /// The number as Python's `repr` writes it: the shortest digits that give it again, with an
  /// exponent below 1e-4 and from 1e16.
  package var pythonDescription: String {
    if isNaN { return "nan" }
    if isInfinite { return self < 0 ? "-inf" : "inf" }
    if self == 0 { return sign == .minus ? "-0.0" : "0.0" }
    let (digits, exponent) = magnitude.shortestDigits
    let prefix = self < 0 ? "-" : ""
    if exponent < -4 || exponent >= 16 {
      let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
      let size = abs(exponent)
      return prefix + digits.prefix(1) + fraction + (exponent < 0 ? "e-" : "e+")
        + (size < 10 ? "0" : "") + String(size)
    }
    if exponent < 0 {
      return prefix + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }
    if digits.count <= exponent + 1 {
      return prefix + digits + String(repeating: "0", count: exponent + 1 - digits.count) + ".0"
    }
    return prefix + digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
  }

  /// The digits without leading and trailing zeros, and the power of ten of the first.
  private var shortestDigits: (String, Int) {
    var mantissa = description[...]
    var exponent = 0
    if let mark = mantissa.firstIndex(of: "e") {
      exponent = Int(mantissa[mantissa.index(after: mark)...]) ?? 0
      mantissa = mantissa[..<mark]
    }
    let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let whole = String(parts[0])
    var digits = whole + (parts.count > 1 ? String(parts[1]) : "")
    exponent += whole.count - 1
    while digits.hasPrefix("0"), digits.count > 1 {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.hasSuffix("0"), digits.count > 1 { digits.removeLast() }
    return (digits, exponent)
  }
}
