/// An rpm's epoch, version and release, which sort by rpm's own rule.
package struct RPMVersion: Hashable, Sendable, CustomStringConvertible {
  /// Nil where nobody said one, which is 0.
  package var epoch: Int?
  package var version: String
  /// Empty where any release will do.
  package var release: String

  package init(epoch: Int? = nil, version: String, release: String = "") {
    self.epoch = epoch
    self.version = version
    self.release = release
  }

  /// Reads `[EPOCH:]VERSION[-RELEASE]`.
  package init(_ text: String) {
    var rest = text
    if let colon = rest.firstIndex(of: ":"), let number = Int(rest[..<colon]) {
      epoch = number
      rest = String(rest[rest.index(after: colon)...])
    }
    let parts = rest.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    version = parts.first.map(String.init) ?? ""
    release = parts.count > 1 ? String(parts[1]) : ""
  }

  /// As dnf writes it: `1.20.2-1.el9`, with the epoch in front unless it is 0.
  package var description: String {
    let number = epoch ?? 0
    return (number == 0 ? "" : "\(number):") + version + (release.isEmpty ? "" : "-\(release)")
  }

  /// Below 0 where this is older than `other`, above 0 where it is newer. A release counts only where
  /// both have one.
  package func compared(to other: RPMVersion) -> Int {
    let epochs = (epoch ?? 0) - (other.epoch ?? 0)
    if epochs != 0 { return epochs }
    let versions = Self.compare(version, other.version)
    if versions != 0 || release.isEmpty || other.release.isEmpty { return versions }
    return Self.compare(release, other.release)
  }

  /// Compares texts by rpm-version(7): runs of digits as numbers, runs of letters as text, a number
  /// above letters, `~` below the end, and `^` above the end but below anything else.
  package static func compare(_ left: String, _ right: String) -> Int {
    var (a, b) = (Array(left.utf8)[...], Array(right.utf8)[...])
    while !a.isEmpty || !b.isEmpty {
      a = a.drop { !isSignificant($0) }
      b = b.drop { !isSignificant($0) }
      if a.first == tilde || b.first == tilde {
        if a.first != tilde { return 1 }
        if b.first != tilde { return -1 }
      } else if a.first == caret || b.first == caret {
        if a.isEmpty { return -1 }
        if b.isEmpty { return 1 }
        if a.first != caret { return 1 }
        if b.first != caret { return -1 }
      } else if let first = a.first, !b.isEmpty {
        let fits = isDigit(first) ? isDigit : isLetter
        let (left, right) = (a.prefix(while: fits), b.prefix(while: fits))
        if right.isEmpty { return isDigit(first) ? 1 : -1 }
        let order = compareRuns(left, right)
        if order != 0 { return order }
        (a, b) = (a.dropFirst(left.count), b.dropFirst(right.count))
        continue
      } else {
        break
      }
      (a, b) = (a.dropFirst(), b.dropFirst())
    }
    return a.isEmpty ? (b.isEmpty ? 0 : -1) : 1
  }

  private static func compareRuns(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
    var (a, b) = (left, right)
    if left.first.map(isDigit) == true {
      let zero = UInt8(ascii: "0")
      a = a.drop { $0 == zero }
      b = b.drop { $0 == zero }
      if a.count != b.count { return a.count < b.count ? -1 : 1 }
    }
    if a.elementsEqual(b) { return 0 }
    return a.lexicographicallyPrecedes(b) ? -1 : 1
  }

  private static let tilde = UInt8(ascii: "~")
  private static let caret = UInt8(ascii: "^")

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte >= 0x41
  }

  private static func isSignificant(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || byte == tilde || byte == caret
  }
}
