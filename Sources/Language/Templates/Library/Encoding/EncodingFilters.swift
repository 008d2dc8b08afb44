internal import Cryptography
internal import Values

/// Filters between text and bytes.
enum EncodingFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "b64encode", "encoding?",
      whole: { (call) throws(TemplateError) in
        let codec = try TextCodec(call.text("encoding") ?? "utf-8")
        return .string(Base64.encode(try codec.encode(call.text)))
      }),
    LibraryFunction(
      "b64decode", "encoding?",
      whole: { (call) throws(TemplateError) in
        let codec = try TextCodec(call.text("encoding") ?? "utf-8")
        return .string(try codec.decode(try bytes(call.text)))
      }),
  ]

  /// The bytes of base 64 as Python's `b64decode` takes it: characters of no meaning are passed over,
  /// but the padding must be there.
  private static func bytes(_ text: String) throws(TemplateError) -> [UInt8] {
    var digits = ""
    var padding = 0
    for byte in text.utf8 {
      let isDigit =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
      if byte == UInt8(ascii: "="), digits.utf8.count % 4 >= 2 {
        padding += 1
        if (digits.utf8.count + padding).isMultiple(of: 4) { break }
      } else if isDigit {
        digits.unicodeScalars.append(Unicode.Scalar(byte))
        padding = 0
      }
    }
    let rest = digits.utf8.count % 4
    if rest == 1 {
      throw TemplateError(
        .other,
        "Invalid base64-encoded string: number of data characters (\(digits.utf8.count)) cannot be "
          + "1 more than a multiple of 4")
    }
    guard rest == 0 || rest + padding == 4 else { throw TemplateError(.other, "Incorrect padding") }
    return Base64.decode(digits) ?? []
  }
}

/// How text becomes bytes.
struct TextCodec {
  private enum Kind {
    case utf8
    case ascii
    case latin1
    case utf16(isBigEndian: Bool, hasMark: Bool)
  }

  private let name: String
  private let kind: Kind

  init(_ name: String) throws(TemplateError) {
    self.name = name
    switch name.lowercased().replacing("_", with: "-") {
    case "utf-8", "utf8": kind = .utf8
    case "ascii", "us-ascii": kind = .ascii
    case "latin-1", "latin1", "iso-8859-1", "iso8859-1": kind = .latin1
    case "utf-16", "utf16": kind = .utf16(isBigEndian: false, hasMark: true)
    case "utf-16-le", "utf-16le": kind = .utf16(isBigEndian: false, hasMark: false)
    case "utf-16-be", "utf-16be": kind = .utf16(isBigEndian: true, hasMark: false)
    default:
      throw TemplateError(
        .other, "unknown encoding: \(name)", help: "use utf-8, ascii, latin-1 or utf-16")
    }
  }

  func encode(_ text: String) throws(TemplateError) -> [UInt8] {
    switch kind {
    case .utf8: return Array(text.utf8)
    case .ascii: return try encode(text, below: 128)
    case .latin1: return try encode(text, below: 256)
    case .utf16(let isBigEndian, let hasMark):
      return ((hasMark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit -> [UInt8] in
        let (high, low) = (UInt8(unit >> 8), UInt8(unit & 255))
        return isBigEndian ? [high, low] : [low, high]
      }
    }
  }

  private func encode(_ text: String, below limit: UInt32) throws(TemplateError) -> [UInt8] {
    var bytes: [UInt8] = []
    for (position, scalar) in text.unicodeScalars.enumerated() {
      guard scalar.value < limit else {
        let shown = PythonText.ascii(.string(String(scalar))).dropFirst().dropLast()
        throw TemplateError(
          .other,
          "'\(name)' codec can't encode character '\(shown)' in position \(position): ordinal not "
            + "in range(\(limit))")
      }
      bytes.append(UInt8(scalar.value))
    }
    return bytes
  }

  func decode(_ bytes: [UInt8]) throws(TemplateError) -> String {
    switch kind {
    case .utf8:
      if let text = String(validating: bytes, as: UTF8.self) { return text }
    case .ascii:
      if bytes.allSatisfy({ $0 < 128 }) { return String(decoding: bytes, as: UTF8.self) }
    case .latin1:
      return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    case .utf16(var isBigEndian, let hasMark):
      var units = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
        UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
      }
      if hasMark, let mark = units.first, mark == 0xFEFF || mark == 0xFFFE {
        isBigEndian = mark == 0xFFFE
        units.removeFirst()
      }
      if isBigEndian { units = units.map(\.byteSwapped) }
      if bytes.count.isMultiple(of: 2), let text = String(validating: units, as: UTF16.self) {
        return text
      }
    }
    throw TemplateError(.other, "'\(name)' codec can't decode the bytes: they are no such text")
  }
}
