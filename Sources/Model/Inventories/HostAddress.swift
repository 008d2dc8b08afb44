/// A host's name as inventories write it, with a port behind it or not.
struct HostAddress {
  var name: Substring
  var port: Int?

  /// `name`, `name:22`, `[address]:22`; an IPv6 address without brackets has no port.
  init(_ text: Substring) {
    name = text
    if !text.utf8.contains(UInt8(ascii: ":")) { return }
    if text.hasPrefix("["), let close = text.lastIndex(of: "]") {
      let inner = text[text.index(after: text.startIndex)..<close]
      let behind = text[text.index(after: close)...]
      if !inner.contains("["), behind.hasPrefix(":"), let port = Self.port(behind.dropFirst()) {
        name = inner
        self.port = port
        return
      }
    }
    guard let colon = Self.onlyColon(text), let port = Self.port(text[colon...].dropFirst())
    else { return }
    name = text[..<colon]
    self.port = port
  }

  private static func port(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.allSatisfy(\.isWholeNumber) else { return nil }
    return Int(text)
  }

  /// The colon outside of ranges' brackets, if there is only one.
  private static func onlyColon(_ text: Substring) -> Substring.Index? {
    var depth = 0
    var found: Substring.Index?
    for index in text.indices {
      switch text[index] {
      case "[": depth += 1
      case "]": depth -= 1
      case ":" where depth == 0:
        if found != nil { return nil }
        found = index
      default: break
      }
    }
    return found
  }
}
