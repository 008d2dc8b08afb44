/// What is at a path on a host.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case absent, file, directory, link, other
  }

  package var kind: Kind
  package var mode: UInt16 = 0
  package var userID: Int = 0
  package var user: String = ""
  package var groupID: Int = 0
  package var group: String = ""
  package var size: Int = 0
  /// Seconds since 1970.
  package var modified: Int = 0
  package var linkTarget: String = ""
  /// Lower-case hexadecimal; nil where it wasn't asked for or this is no file.
  package var sha256: String?
  /// The file's bytes; nil where they weren't asked for, or are more than was asked for.
  package var content: [UInt8]?

  package init(kind: Kind) { self.kind = kind }

  package var exists: Bool { kind != .absent }
}

/// A question about one file, in a form that a plan can answer from its planned writes.
package struct FileQuestion: Hashable, Sendable {
  package var path: String
  /// Whether a link's target is asked about, rather than the link.
  package var followsLinks: Bool
  /// How many bytes of content to bring at the most; 0 brings none.
  package var contentLimit: Int
  /// Whether the SHA-256 is asked for.
  package var wantsDigest: Bool
  /// The SHA-256 of the content that needn't be brought, since it is known here.
  package var knownDigest: String?

  package init(
    path: String, followsLinks: Bool = true, contentLimit: Int = 0, wantsDigest: Bool = false,
    knownDigest: String? = nil
  ) {
    self.path = path
    self.followsLinks = followsLinks
    self.contentLimit = contentLimit
    self.wantsDigest = wantsDigest || knownDigest != nil
    self.knownDigest = knownDigest
  }
}
