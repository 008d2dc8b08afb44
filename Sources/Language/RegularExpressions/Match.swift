extension RegularExpression {
  /// Where a pattern matched, and what its groups hold.
  package struct Match: Sendable {
    /// The text that was searched.
    package let text: String
    /// The byte offsets of the whole match and of each group; nil for groups that took no part.
    let offsets: [Range<Int>?]
    let groupNumbers: [String: Int]

    /// The place of the whole match in `text`.
    package var range: Range<String.Index> { range(ofGroup: 0)! }

    /// The text of the whole match.
    package var matched: Substring { text[range] }

    /// How many groups there are, without the whole match.
    package var groupCount: Int { offsets.count - 1 }

    /// The place of a group; nil where it took no part or isn't there.
    package func range(ofGroup number: Int) -> Range<String.Index>? {
      guard offsets.indices.contains(number), let range = offsets[number] else { return nil }
      let bytes = text.utf8
      return bytes.index(
        bytes.startIndex, offsetBy: range.lowerBound)..<bytes.index(
          bytes.startIndex, offsetBy: range.upperBound)
    }

    /// The text of a group, 0 being the whole match; nil where it took no part or isn't there.
    package subscript(number: Int) -> Substring? { range(ofGroup: number).map { text[$0] } }

    /// The text of a named group; nil where it took no part or isn't there.
    package subscript(name: String) -> Substring? {
      groupNumbers[name].flatMap { self[$0] }
    }

    /// Whether the pattern has a group of this name.
    package func hasGroup(_ name: String) -> Bool { groupNumbers[name] != nil }
  }
}

/// A text made ready for PCRE2, which counts in bytes.
struct Subject {
  let text: String
  let bytes: [UInt8]

  init(_ text: String) {
    // Offsets are only cheap in texts that are UTF-8 already.
    var text = text
    text.makeContiguousUTF8()
    self.text = text
    bytes = Array(text.utf8)
  }

  func offset(of index: String.Index) -> Int {
    text.utf8.distance(from: text.startIndex, to: index)
  }
}
