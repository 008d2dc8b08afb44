package import Values

/// Values as JSON, which is YAML as well: so configuration gets to kubeadm and kubectl.
package enum JSONText {
  /// One line; secrets are written out, for this is what a host gets.
  package static func write(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): String(number)
    case .float(let number): number.isFinite ? String(number) : "null"
    case .string(let text): quote(text)
    case .list(let items), .tuple(let items): "[" + items.map(write).joined(separator: ",") + "]"
    case .dict(let dict):
      "{"
        + dict.map { quote($0.key.unmarked().description) + ":" + write($0.value) }
        .joined(separator: ",") + "}"
    case .unknown: quote("(known after apply)")
    case .marked(let inner, _): write(inner)
    }
  }

  private static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
