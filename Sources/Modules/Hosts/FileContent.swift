/// What a file shall hold.
package enum FileContent: Hashable, Sendable {
  case bytes([UInt8])
  /// A file of the controller, read in pieces when it is sent.
  case controllerFile(path: String, size: Int)

  /// In bytes.
  package var size: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .controllerFile(_, let size): size
    }
  }

  package static func text(_ text: String) -> FileContent { .bytes(Array(text.utf8)) }
}

/// Owner, group and mode, each nil where it shall stay as it is (or as the system makes it).
package struct FileAttributes: Hashable, Sendable {
  /// A name or a number.
  package var owner: String?
  /// A name or a number.
  package var group: String?
  /// The permission bits, 0 to 0o7777.
  package var mode: UInt16?

  package init(owner: String? = nil, group: String? = nil, mode: UInt16? = nil) {
    self.owner = owner
    self.group = group
    self.mode = mode
  }

  package var isEmpty: Bool { owner == nil && group == nil && mode == nil }
}
