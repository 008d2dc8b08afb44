/// What a server says before it introduces itself. RFC 4253, 4.2: the line that starts with `SSH-`
/// may have others before it; sshd says in such a line why it turns somebody away.
struct ServerGreeting {
  /// Whether the line that starts with `SSH-` has begun, or so much came that none will.
  private(set) var isOver = false
  private var bytes: [UInt8] = []

  private static let limit = 4096
  private static let introduction = Array("SSH-".utf8)

  /// Looks at what was received, in the order of its arrival.
  mutating func take(_ received: some Sequence<UInt8>) {
    guard !isOver else { return }
    bytes.append(contentsOf: received.prefix(Self.limit))
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    isOver = bytes.count >= Self.limit || lines.contains { $0.starts(with: Self.introduction) }
    if isOver { bytes = [] }
  }

  /// The lines in one, of printable ASCII alone and at most 200 characters; nil if there are none.
  var words: String? {
    let printable = bytes.map { (32...126).contains($0) ? $0 : 32 }
    let words = String(decoding: printable, as: UTF8.self).split(separator: " ")
    return words.isEmpty ? nil : String(words.joined(separator: " ").prefix(200))
  }

  /// What the end of a connection means that comes before the introduction.
  var earlyEnd: TransportError.Kind {
    switch words {
    case nil, "Exceeded MaxStartups": .droppedEarly
    default: .turnedAway
    }
  }
}
