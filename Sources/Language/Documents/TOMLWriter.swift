internal import OrderedCollections
package import Values

/// Writes TOML 1.0.
package struct TOMLWriter {
  /// What TOML has no form for, and the way to it.
  package struct Problem: Error {
    package var path: [String]
    package var message: String
  }

  private var lines: [String] = []

  /// A dictionary as a document; its own values first, then its tables.
  package static func text(_ value: Value) throws(Problem) -> String {
    var writer = TOMLWriter()
    guard case .dict(let dict) = value else {
      throw Problem(path: [], message: "a TOML document is a dictionary")
    }
    try writer.write(dict, path: [])
    return writer.lines.isEmpty ? "" : writer.lines.joined(separator: "\n") + "\n"
  }

  // MARK: Tables

  private mutating func write(
    _ dict: OrderedDictionary<Value, Value>, path: [String]
  ) throws(Problem) {
    var tables: [(String, OrderedDictionary<Value, Value>)] = []
    var pairs: [String] = []
    for (key, value) in dict {
      let name = Self.name(key)
      if case .dict(let inner) = value {
        tables.append((name, inner))
      } else {
        pairs.append("\(Self.key(name)) = \(try Self.text(of: value, path + [name]))")
      }
    }
    // A table of tables alone needs no header of its own.
    if !path.isEmpty, !pairs.isEmpty || tables.isEmpty {
      if !lines.isEmpty { lines.append("") }
      lines.append("[\(path.map(Self.key).joined(separator: "."))]")
    }
    lines += pairs
    for (name, inner) in tables { try write(inner, path: path + [name]) }
  }

  // MARK: Values

  private static func text(of value: Value, _ path: [String]) throws(Problem) -> String {
    switch value {
    case .null: throw Problem(path: path, message: "TOML has no null")
    case .unknown: throw Problem(path: path, message: "the value isn't known yet")
    case .bool(let flag): return flag ? "true" : "false"
    case .int(let number): return String(number)
    case .float(let number): return number.pythonDescription
    case .string(let text): return quoted(text)
    case .marked(let inner, _): return try Self.text(of: inner, path)
    case .list(let items), .tuple(let items):
      let texts = try items.map { item throws(Problem) in try Self.text(of: item, path) }
      return "[" + texts.joined(separator: ", ") + "]"
    case .dict(let dict):
      let pairs = try dict.map { key, inner throws(Problem) in
        let name = Self.name(key)
        return "\(Self.key(name)) = \(try Self.text(of: inner, path + [name]))"
      }
      return pairs.isEmpty ? "{}" : "{ " + pairs.joined(separator: ", ") + " }"
    }
  }

  private static func name(_ key: Value) -> String { key.unmarked().description }

  private static func key(_ name: String) -> String {
    let isBare = name.utf8.allSatisfy { byte in
      switch byte {
      case 48...57, 65...90, 97...122, 45, 95: true
      default: false
      }
    }
    return isBare && !name.isEmpty ? name : quoted(name)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      default:
        if TOMLScanner.isControl(scalar) {
          let digits = String(scalar.value, radix: 16)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }
}
