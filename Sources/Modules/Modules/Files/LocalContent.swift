internal import Cryptography
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// What a task wants a file to hold, as far as the controller knows it.
struct LocalContent: Sendable {
  /// Nil where only `apply` can tell.
  var content: FileContent?
  /// SHA-256 in hexadecimal, where the bytes aren't in `content`.
  var sha256: String?
  var isSecret = false
  /// The mode of the controller's file.
  var mode: UInt16?

  /// More than this is read again, in pieces, when it is sent.
  private static let inlineLimit = 1 << 20

  /// A file of the controller.
  static func file(
    _ path: String, _ files: any ControllerFiles, wantsMode: Bool
  ) throws(ArgumentError) -> LocalContent {
    let (bytes, isSecret) = try files.read(path)
    var local = LocalContent(content: .bytes(bytes), isSecret: isSecret)
    // What was decrypted is nowhere on the controller as a file.
    if bytes.count > inlineLimit, !isSecret {
      local.content = .controllerFile(path: path, size: bytes.count)
      local.sha256 = SHA256.hex(bytes)
    }
    if wantsMode { local.mode = try files.mode(of: path) }
    return local
  }

  /// What a task gives as a value; data becomes JSON, as Ansible writes it.
  static func value(_ value: Value, _ arguments: Arguments) throws(ArgumentError) -> LocalContent {
    let isSecret = value.marksDeeply.contains(.secret)
    if value.firstUnknown != nil {
      try refuseUnlessPlan(arguments)
      return LocalContent(content: nil, isSecret: isSecret)
    }
    let text: String
    switch value.unmarkedDeeply() {
    case .string(let string): text = string
    case .list, .dict: text = PythonJSON.text(value)
    case .bool(let flag): text = flag ? "True" : "False"
    case .null: text = ""
    case let number: text = number.description
    }
    return LocalContent(content: .text(text), isSecret: isSecret)
  }

  private static func refuseUnlessPlan(_ arguments: Arguments) throws(ArgumentError) {
    if arguments.context.isPlan { return }
    throw ArgumentError("the content isn't known, so nothing can be written")
  }
}

/// JSON as Python's `json.dumps` writes it: spaces after `,` and `:`, ASCII alone.
enum PythonJSON {
  /// The value without its marks.
  static func text(_ value: Value) -> String {
    switch value {
    case .null: return "null"
    case .bool(let flag): return flag ? "true" : "false"
    case .int(let number): return String(number)
    case .float(let number): return number.description
    case .string(let text): return quoted(text)
    case .list(let items): return "[" + items.map(text).joined(separator: ", ") + "]"
    case .dict(let dict):
      let pairs = dict.map { (key, value) in
        let name = key.unmarkedDeeply()
        let isText = if case .string = name { true } else { false }
        return (isText ? text(name) : quoted(text(name))) + ": " + text(value)
      }
      return "{" + pairs.joined(separator: ", ") + "}"
    case .unknown: return quoted(WholeFile.unknownText)
    case .marked: return text(value.unmarked())
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0x09: result += "\\t"
      case 0x08: result += "\\b"
      case 0x0C: result += "\\f"
      case 0x20..<0x7F: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result + "\""
  }
}
