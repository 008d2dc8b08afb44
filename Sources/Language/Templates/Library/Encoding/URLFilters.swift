internal import Cryptography
internal import OrderedCollections
internal import Values

/// Filters that write text for addresses and for shells.
enum URLFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "quote", whole: { .string($0.input == .null ? "''" : quote($0.text)) }),
    LibraryFunction(
      "urlencode",
      whole: { (call) throws(TemplateError) in
        switch call.input {
        case .dict(let dict):
          return .string(
            dict.map { formEncoded($0.key) + "=" + formEncoded($0.value) }
              .joined(separator: "&"))
        case .list(let pairs), .tuple(let pairs):
          var parts: [String] = []
          for pair in pairs {
            guard let halves = try? pair.pythonItems() else {
              throw TemplateError(
                .type, "cannot unpack non-iterable \(pair.pythonTypeName) object")
            }
            parts.append(halves.map(formEncoded).joined(separator: "="))
          }
          return .string(parts.joined(separator: "&"))
        default: return .string(percentEncoded(call.input, keeps: "/"))
        }
      }),
    LibraryFunction(
      "urldecode",
      whole: { (call) throws(TemplateError) in
        guard call.input.isText else { throw call.missing("replace") }
        return .string(percentDecoded(call.text))
      }),
  ]

  /// As Python's `shlex.quote`.
  static func quote(_ text: String) -> String {
    if text.isEmpty { return "''" }
    let isSafe = text.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || $0.properties.numericType != nil
          || "_@%+=:,./-".unicodeScalars.contains($0))
    }
    return isSafe ? text : "'" + text.replacing("'", with: "'\"'\"'") + "'"
  }

  private static func percentEncoded(_ value: Value, keeps: String) -> String {
    var result = ""
    for byte in PythonText.str(value).utf8 {
      let scalar = Unicode.Scalar(byte)
      let isSafe =
        byte < 128
        && (scalar.properties.isAlphabetic || (48...57).contains(byte)
          || ("_.-~" + keeps).unicodeScalars.contains(scalar))
      result += isSafe ? String(scalar) : "%" + Hexadecimal.encode([byte]).uppercased()
    }
    return result
  }

  private static func formEncoded(_ value: Value) -> String {
    percentEncoded(value, keeps: "").replacing("%20", with: "+")
  }

  private static func percentDecoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let decoded = Hexadecimal.decode(String(decoding: rest.prefix(2), as: UTF8.self))
      {
        bytes += decoded
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? 32 : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
