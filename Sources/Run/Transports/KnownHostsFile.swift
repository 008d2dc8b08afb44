internal import Cryptography
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// One file of known hosts, read once and found in quickly: big fleets have big files.
struct KnownHostsFile: Sendable {
  private var entries: [KnownHosts.Entry] = []
  /// The entries of each plain name.
  private var named: [String: [Int]] = [:]
  /// The entries with hashed names or patterns, which must be tried.
  private var others: [Int] = []

  /// Reads a text; a line that can't be understood is passed over, as ssh does.
  init(_ text: String, path: String) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      guard let entry = Self.entry(line, path: path, number: index + 1) else { continue }
      add(entry)
    }
  }

  private mutating func add(_ entry: KnownHosts.Entry) {
    let index = entries.count
    entries.append(entry)
    if entry.hosts.hasPrefix("|") || entry.hosts.utf8.contains(where: { "*?!".utf8.contains($0) }) {
      others.append(index)
    } else {
      for name in Set(entry.hosts.split(separator: ",").map { $0.lowercased() }) {
        named[name, default: []].append(index)
      }
    }
  }

  private static func entry(
    _ line: Substring, path: String, number: Int
  ) -> KnownHosts.Entry? {
    var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
    var marker: KnownHosts.Entry.Marker?
    switch words.first {
    case "@revoked": marker = .revoked
    case "@cert-authority": marker = .certificateAuthority
    case let word? where word.hasPrefix("@") || word.hasPrefix("#"): return nil
    default: break
    }
    if marker != nil { words = words.dropFirst() }
    guard words.count >= 3 else { return nil }
    let fields = Array(words)
    guard let key = Base64.decode(fields[2]), SSHKey.type(of: key) == String(fields[1]) else {
      return nil
    }
    return KnownHosts.Entry(
      marker: marker, hosts: fields[0], type: String(fields[1]), key: key, file: path,
      line: number)
  }

  /// The entries for a name, in the order of their lines.
  func entries(for name: String) -> [KnownHosts.Entry] {
    let tried = others.filter { Self.matches(entries[$0].hosts, name) }
    return (tried + (named[name.lowercased()] ?? [])).sorted().map { entries[$0] }
  }

  private static func matches(_ hosts: Substring, _ name: String) -> Bool {
    if hosts.hasPrefix("|") { return matches(hashed: hosts, name) }
    return HostPatternList.matches(hosts.split(separator: ","), name)
  }

  /// `|1|SALT|HASH`, where the hash is HMAC-SHA1 of the name with the salt as key.
  private static func matches(hashed: Substring, _ name: String) -> Bool {
    let parts = hashed.split(separator: "|")
    guard parts.count == 3, parts[0] == "1", let salt = Base64.decode(parts[1]),
      let hash = Base64.decode(parts[2])
    else { return false }
    return HMAC.sha1(key: salt, Array(name.utf8)) == hash
  }
}

/// The files of known hosts, each read again only when it has changed.
final class KnownHostsFiles: Sendable {
  /// What changes with a file's content.
  private struct Stamp: Hashable {
    var inode: UInt64
    var size: Int
    var seconds: Int
    var nanoseconds: Int

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      inode = UInt64(status.st_ino)
      size = Int(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  private let read = Mutex<[String: (stamp: Stamp, file: KnownHostsFile)]>([:])

  /// What the files that there are say.
  func hosts(_ paths: [String]) -> KnownHosts {
    KnownHosts(paths.compactMap(file))
  }

  private func file(_ path: String) -> KnownHostsFile? {
    // Before it's read: what is written meanwhile is seen the next time.
    guard let stamp = Stamp(path) else { return nil }
    if let known = read.withLock({ $0[path] }), known.stamp == stamp { return known.file }
    guard let text = LocalFile.text(path) else { return nil }
    let file = KnownHostsFile(text, path: path)
    read.withLock { $0[path] = (stamp, file) }
    return file
  }
}
