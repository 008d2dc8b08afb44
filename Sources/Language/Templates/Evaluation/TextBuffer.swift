/// Text that grows at its end, as UTF-8.
///
/// The bytes are kept behind a pointer: each piece that is added to a `String` costs five calls
/// into the standard library, together a seventh of a rendering's time, measured.
final class TextBuffer {
  private var bytes: UnsafeMutablePointer<UInt8>?
  private var capacity = 0
  private var count = 0

  deinit { bytes?.deallocate() }

  var isEmpty: Bool { count == 0 }

  /// The text so far.
  var text: String {
    String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  /// Adds a number in decimal digits.
  func append(_ number: Int) {
    if (0..<10).contains(number) {
      reserve(1)[0] = UInt8(truncatingIfNeeded: 48 + number)
      count += 1
      return
    }
    var rest = number.magnitude
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = 20
      repeat {
        start -= 1
        digits[start] = UInt8(truncatingIfNeeded: 48 + rest % 10)
        rest /= 10
      } while rest > 0
      if number < 0 {
        start -= 1
        digits[start] = UInt8(ascii: "-")
      }
      append(UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }

  func removeAll() { count = 0 }

  private func append(_ more: UnsafeBufferPointer<UInt8>) {
    guard let start = more.baseAddress, !more.isEmpty else { return }
    reserve(more.count).update(from: start, count: more.count)
    count += more.count
  }

  /// Where the next bytes belong, with room for so many.
  private func reserve(_ more: Int) -> UnsafeMutablePointer<UInt8> {
    if let bytes, count + more <= capacity { return bytes + count }
    return grow(by: more)
  }

  private func grow(by more: Int) -> UnsafeMutablePointer<UInt8> {
    capacity = max(256, capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    if let bytes {
      larger.update(from: bytes, count: count)
      bytes.deallocate()
    }
    bytes = larger
    return larger + count
  }
}
