internal import Hosts

/// How a file's content is told apart from what it shall be.
enum ContentComparison: Hashable, Sendable {
  /// Not at all: only what it is, and whose.
  case nothing
  /// By itself, up to a megabyte.
  case content
  /// By its SHA-256, for what is bigger.
  case digest
  /// By this SHA-256; only other content is brought, to be shown in a diff.
  case known(digest: String)

  var knownDigest: String? {
    if case .known(let digest) = self { digest } else { nil }
  }
}

extension Query where Answer == FileStatus {
  /// What is at a path itself, link or not, with a regular file's content up to a megabyte.
  ///
  /// - Parameter comparison: What else is asked, so that its content can be compared.
  static func entry(
    _ path: String, comparedBy comparison: ContentComparison = .content
  ) -> Query<FileStatus> {
    .file(
      FileQuestion(
        path: path, followsLinks: false, contentLimit: comparison == .nothing ? 0 : 1 << 20,
        wantsDigest: comparison == .digest, knownDigest: comparison.knownDigest))
  }
}

extension Query where Answer == String? {
  /// The path that a link leads to in the end; nil where it leads nowhere.
  static func realPath(_ path: String) -> Query<String?> {
    Query<String?>("readlink -f -- \(Shell.quote(path)) || :", about: [.path(path)]) {
      (output) throws(HostError) in
      let text = output.text.split(separator: "\n").first.map(String.init)
      return text
    }
  }
}

/// A file and the path to write it at, which differs from the one asked for where that is a link.
struct ResolvedFile: Hashable, Sendable {
  var path: String
  var status: FileStatus
  /// What holds it, where somebody looked.
  var folder: FileStatus?

  /// What a link leads to, looked at in its place; one more round trip for links alone.
  static func probe(following path: String) -> Probe<ResolvedFile> {
    RemotePath.probe(path) { path in
      Probe(Query.entry(path)).then { (status) throws(HostError) in
        guard status.kind == .link else { return Probe(ResolvedFile(path: path, status: status)) }
        return Probe(Query<String?>.realPath(path)).then { (real) throws(HostError) in
          let real = real ?? RemotePath.join(RemotePath.parent(path), status.linkTarget)
          return Probe(Query.entry(real)).map { ResolvedFile(path: real, status: $0) }
        }
      }
    }
  }
}
