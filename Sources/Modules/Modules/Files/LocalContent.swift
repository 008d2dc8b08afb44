internal import Cryptography
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// What a task wants a file to hold, as far as the controller knows it.
struct LocalContent: Sendable {
  /// Nil where only `apply` can tell.
  var content: FileContent?
  /// Its sums, where the bytes aren't in `content`.
  var large: LargeFile?
  var isSecret = false
  /// The text with its secret and unknown parts named; nil where that isn't at hand.
  var shown: String?
  /// The mode of the controller's file.
  var mode: UInt16?

  /// SHA-1 in hexadecimal; nil where the content isn't known.
  var sha1: String? {
    if case .bytes(let bytes)? = content { return SHA1.hex(bytes) }
    return large?.sha1
  }

  /// How a file is compared with it. What is big is so by digest alone; a secret is never, as
  /// a short one can be guessed from its digest.
  var comparison: ContentComparison {
    switch content {
    case .bytes(let bytes)?:
      if bytes.count > Self.inlineLimit { return .digest }
      return isSecret ? .content : .known(digest: SHA256.hex(bytes))
    case .controllerFile?: return .digest
    case nil: return .content
    }
  }

  /// More than this is read again, in pieces, when it is sent.
  private static let inlineLimit = 1 << 20

  /// A file of the controller.
  static func file(
    _ path: String, _ files: any ControllerFiles, wantsMode: Bool
  ) throws(ArgumentError) -> LocalContent {
    var local: LocalContent
    if let large = try files.largeFile(path, over: inlineLimit) {
      local = LocalContent(content: .controllerFile(path: path, size: large.size), large: large)
    } else {
      let (bytes, isSecret) = try files.read(path)
      local = LocalContent(content: .bytes(bytes), isSecret: isSecret)
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
    case .list, .dict: text = value.unmarkedDeeply().json()
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
