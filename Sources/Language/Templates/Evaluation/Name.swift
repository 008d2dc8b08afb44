/// A name as templates write it, with its hash: made once by the parser, looked up many times.
struct Name: Hashable, Sendable, ExpressibleByStringLiteral {
  let text: String
  private let hash: Int

  init(_ text: String) {
    self.text = text
    hash = text.hashValue
  }

  init(stringLiteral text: String) { self.init(text) }

  static func == (one: Name, other: Name) -> Bool {
    one.hash == other.hash && one.text == other.text
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }

  /// What every loop, block and scope sets or looks for.
  static let loop: Name = "loop"
  static let `super`: Name = "super"
  static let omit: Name = "omit"
  static let current: Name = "self"
  /// What a block's text is called in the filters around it; no template can write this.
  static let body: Name = "<body>"
}
