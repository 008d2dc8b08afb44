/// Quoting for POSIX shells: the one way by which data gets into a script.
package enum Shell {
  /// `text` as one word. NUL can't be in a word, so it is left out.
  package static func quote(_ text: String) -> String {
    if !text.isEmpty, text.utf8.allSatisfy(isPlain) { return text }
    // By bytes: scripts are large, and comparing characters would take seconds.
    var word: [UInt8] = [UInt8(ascii: "'")]
    word.reserveCapacity(text.utf8.count + 2)
    for byte in text.utf8 where byte != 0 {
      if byte == UInt8(ascii: "'") {
        word += [byte, UInt8(ascii: "\\"), byte, byte]
      } else {
        word.append(byte)
      }
    }
    word.append(UInt8(ascii: "'"))
    return String(decoding: word, as: UTF8.self)
  }

  /// The words of a command line, each quoted.
  package static func words(_ words: some Sequence<String>) -> String {
    words.map(quote).joined(separator: " ")
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ","), UInt8(ascii: ":"),
      UInt8(ascii: "@"), UInt8(ascii: "+"):
      true
    default: false
    }
  }
}
