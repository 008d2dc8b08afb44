#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Finds the end of a command's output in a stream of bytes.
///
/// What a command says is followed by a line that begins with a mark, 128 random bits that no output
/// holds. The line break before the mark belongs to the mark, so output keeps its own last byte.
struct FrameScanner {
  /// The mark with the line break before it.
  let mark: [UInt8]
  /// The most bytes that are kept.
  let limit: Int
  /// The bytes so far; those beyond the limit are passed over, but for a tail to find the mark in.
  private var bytes: [UInt8] = []
  /// Nothing before this index begins a mark.
  private var scanned = 0
  /// Where the mark begins, once it's found.
  private var markIndex: Int?
  /// Whether the output was longer than the limit.
  private(set) var isCut = false
  /// What follows the mark in its line, once the whole line is there.
  private(set) var trailer: String?
  /// The bytes after the mark's line.
  private(set) var rest: [UInt8] = []

  init(mark: String, limit: Int = .max) {
    self.mark = Array("\n\(mark)".utf8)
    self.limit = limit
  }

  /// Whether the mark's line is there.
  var isComplete: Bool { trailer != nil }

  /// What came before the mark, or all so far; at most `limit` bytes.
  var body: ArraySlice<UInt8> { bytes[..<min(markIndex ?? bytes.count, limit)] }

  /// Takes the next bytes of the stream.
  mutating func append(_ piece: [UInt8]) {
    guard trailer == nil else {
      rest += piece
      return
    }
    bytes += piece
    if markIndex == nil { findMark() }
    if let markIndex { findTrailer(after: markIndex + mark.count) } else { cut() }
  }

  private mutating func findMark() {
    let mark = mark
    let start = scanned
    markIndex = bytes.withUnsafeBytes { text in
      guard let base = text.baseAddress else { return nil }
      var index = start
      while index + mark.count <= text.count,
        let found = memchr(base + index, Int32(mark[0]), text.count - mark.count - index + 1)
      {
        index = UnsafeRawPointer(found) - base
        if memcmp(base + index, mark, mark.count) == 0 { return index }
        index += 1
      }
      return nil
    }
    scanned = max(start, bytes.count - mark.count + 1)
  }

  private mutating func findTrailer(after index: Int) {
    guard let newline = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) else { return }
    trailer = String(decoding: bytes[index..<newline], as: UTF8.self)
    rest = Array(bytes[(newline + 1)...])
    bytes.removeSubrange(index...)
    if let markIndex, markIndex > limit { isCut = true }
  }

  /// Passes over what is beyond the limit and can't be the mark's beginning.
  private mutating func cut() {
    guard bytes.count > limit, scanned > limit + (1 << 16) else { return }
    isCut = true
    bytes.removeSubrange(limit..<scanned)
    scanned = limit
  }
}
