internal import Cryptography
internal import Templates
internal import Values

/// Scalars whose type a tag gives: `!!str 010`.
extension YAMLScalar {
  static let tagPrefix = "tag:yaml.org,2002:"

  /// The tag as people write it.
  static func written(_ tag: String) -> String {
    tag.hasPrefix(tagPrefix) ? "!!" + tag.dropFirst(tagPrefix.count) : tag
  }

  /// The value of a scalar under a tag; nil where the tag says that it is text.
  static func resolve(_ text: String, as tag: String) throws(Problem) -> Value? {
    switch written(tag) {
    case "!!str": return nil
    case "!!null": return .null
    case "!!bool": if let flag = boolean(text) { return .bool(flag) }
    case "!!int": if let number = try integer(text) { return .int(number) }
    case "!!float":
      if let number = float(text) { return .float(number) }
      if let number = try integer(text) { return .float(Double(number)) }
    case "!!timestamp":
      if let time = YAMLTimestamp(text), time.isValid { return .string(time.description) }
    case "!!binary":
      if let bytes = Base64.decode(text), let decoded = String(validating: bytes, as: UTF8.self) {
        return .string(decoded)
      }
    default:
      throw Problem(
        message: "the tag `\(written(tag))` isn't supported",
        help: "remove the tag; known are !vault, !unsafe and YAML's own such as !!str")
    }
    throw Problem(
      message: "this isn't what its tag `\(written(tag))` says",
      help: "correct it, or remove the tag")
  }
}
