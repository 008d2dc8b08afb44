internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// Where one file goes: `dest`, or a name in it where that is a folder.
struct Destination: Hashable, Sendable {
  var path: String
  var status: FileStatus
  /// The folder to make first; nil where it is there, or nobody said that this is a folder.
  var missingFolder: String?

  /// - Parameters:
  ///   - baseName: The name in `dest` if that is a folder; nil refuses folders.
  ///   - followsLinks: Whether a link at `dest` is written through, rather than replaced.
  ///   - comparison: How the content is compared.
  static func probe(
    _ dest: String, baseName: String?, followsLinks: Bool,
    comparedBy comparison: ContentComparison = .content
  ) -> Probe<Destination> {
    RemotePath.probe(dest) { dest in
      let isFolder = dest.hasSuffix("/")
      let dest = RemotePath.withoutFinalSlash(dest)
      var queries = [Query.entry(dest, comparedBy: comparison)]
      let inner = baseName.map { RemotePath.join(dest, $0) }
      if let inner { queries.append(Query.entry(inner, comparedBy: comparison)) }
      return Probe(all: queries).then { (found) throws(HostError) in
        let outer = found[0]
        if let inner, outer.kind == .directory || isFolder {
          let missing = outer.exists ? nil : dest
          let place = Destination(path: inner, status: found[1], missingFolder: missing)
          return followsLinks ? place.followed(comparison) : Probe(place)
        }
        let place = Destination(path: dest, status: outer)
        guard outer.kind == .link else { return Probe(place) }
        return place.throughLink(
          toFolder: inner.map { ($0, found[1]) }, followsLinks: followsLinks, comparison)
      }
    }
  }

  /// This, or what it leads to where it is a link.
  private func followed(_ comparison: ContentComparison) -> Probe<Destination> {
    if status.kind != .link { return Probe(self) }
    return throughLink(toFolder: nil, followsLinks: true, comparison)
  }

  /// What a link at `dest` means: a folder takes the file in, a file is replaced unless followed.
  private func throughLink(
    toFolder inner: (String, FileStatus)?, followsLinks: Bool, _ comparison: ContentComparison
  ) -> Probe<Destination> {
    let target = Query<FileStatus>.file(FileQuestion(path: path))
    return Probe(target).and(Probe(Query<String?>.realPath(path))).then {
      (target, real) throws(HostError) in
      if target.kind == .directory {
        let place = inner.map { Destination(path: $0.0, status: $0.1) }
        return Probe(place ?? Destination(path: path, status: target))
      }
      guard followsLinks, let real else { return Probe(self) }
      return Probe(Query.entry(real, comparedBy: comparison)).map {
        Destination(path: real, status: $0)
      }
    }
  }

  /// Puts a file here; fails where something else than a file is in the way.
  func change(to file: WholeFile, folderMode: FileMode? = nil) -> Change {
    switch status.kind {
    case .directory:
      return .failed("\(path) is a folder, and a file is to be written there")
    case .other:
      return .failed("\(path) is neither a file nor a folder nor a link; it is left alone")
    case .absent, .file, .link: break
    }
    let change = file.change(from: status)
    guard let missingFolder else { return change }
    let made = Change.making(missingFolder, AttributeDemand(mode: folderMode))
    return Change.joined([made, change])
  }
}

extension Change {
  /// Makes a folder that isn't there, and those above it.
  static func making(_ path: String, _ attributes: AttributeDemand) -> Change {
    let attributes = attributes.initial(isFolder: true)
    let absent = FileStatus(kind: .absent)
    return Change(
      differences: [
        Difference(path, .attribute(before: "(absent)", after: "folder"))
      ] + AttributeDemand.differences(from: absent, to: attributes),
      actions: [
        Action(
          .makeFolder(path: path, attributes), touches: [.path(path)],
          summary: "make folder \(path)")
      ],
      reason: "folder missing", result: absent.result(with: attributes))
  }

  /// Several changes as one, in order; the last one's result, and the first one's failure.
  static func joined(_ changes: [Change]) -> Change {
    var joined = Change()
    for change in changes {
      joined.differences += change.differences
      joined.actions += change.actions
      if joined.reason.isEmpty { joined.reason = change.reason }
      joined.result.merge(change.result) { $1 }
      joined.unknownResults += change.unknownResults
      joined.failure = joined.failure ?? change.failure
    }
    return joined
  }
}
