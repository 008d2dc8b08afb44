package import ModuleKit
internal import OrderedCollections
internal import Values

/// What kubectl is to apply: a text that it reads, or a URL that it fetches.
package struct KubectlManifest: Hashable, Sendable {
  /// YAML or JSON; nil where `url` names it.
  package var text: String?
  package var url: String?
  package var isSecret: Bool
  /// Only apply can tell what is in it.
  package var isUnknown: Bool

  package init(_ arguments: Arguments) throws(ArgumentError) {
    let given = ["src", "content", "definition", "url"].filter(arguments.isGiven)
    guard given.count == 1, let source = given.first else {
      throw ArgumentError(
        given.isEmpty
          ? "no manifest given" : "`\(given.joined(separator: "` and `"))` exclude each other",
        help: "give one of `src`, `content`, `definition` and `url`")
    }
    isSecret = arguments.isSecret(source)
    isUnknown = arguments.isUnknown(source)
    switch source {
    case "url":
      let address = try arguments.requiredString("url")
      guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
        throw ArgumentError(argument: "url", "`\(address)` is no http or https URL")
      }
      url = address
    case "src":
      let path = try arguments.context.files.locate(
        arguments.requiredString("src"), in: "files")
      let file = try arguments.context.files.read(path)
      text = String(decoding: file.bytes, as: UTF8.self)
      isSecret = isSecret || file.isSecret
    case "content": text = try arguments.requiredString("content")
    default: text = try Self.documents(arguments)
    }
  }

  private static func documents(_ arguments: Arguments) throws(ArgumentError) -> String {
    switch arguments.value("definition")?.unmarkedDeeply() {
    case .list(let documents)?: documents.map(JSONText.write).joined(separator: "\n---\n") + "\n"
    case .dict(let document)?: JSONText.write(.dict(document)) + "\n"
    case .string(let text)?: text
    default: throw arguments.mismatch("definition", "an object or a list of objects")
    }
  }

  /// kubectl's word for it.
  package var word: String { url ?? "-" }
}
