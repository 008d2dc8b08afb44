import Cryptography
import FoundationEssentials
import Glibc
import Hosts
import TestSupport
import Testing

/// Files of this machine, asked about one by one and all together, by each of its shells.
@Suite struct FileQuestionTests {
  /// Names that shells, `stat` and `sha256sum` could take for something else.
  private static let names = [
    "plain", "with blank", "two  blanks", "new\nline", "tab\tinside", "back\\slash", "-n", "*",
    "qu'ote", "dou\"ble", "$HOME", "`id`", "ünïcödé", "other  plain", "percent%s", "plain2",
  ]

  private static let contents: [[UInt8]] = [
    [], Array("text\n".utf8), Array("no newline".utf8), [0, 10, 13, 255, 0], Array("\n\n\n".utf8),
  ]

  private func makeFiles(in folder: String) throws -> [String] {
    var paths: [String] = []
    for (index, name) in Self.names.enumerated() {
      let path = "\(folder)/\(name)"
      try Data(Self.contents[index % Self.contents.count]).write(to: URL(filePath: path))
      paths.append(path)
    }
    for (name, target) in [("link", "plain"), ("broken", "nowhere"), ("to-folder", "folder")] {
      symlink(target, "\(folder)/\(name)")
      paths.append("\(folder)/\(name)")
    }
    mkdir("\(folder)/folder", 0o750)
    mkfifo("\(folder)/pipe", 0o600)
    return paths + ["\(folder)/folder", "\(folder)/pipe", "\(folder)/absent", "\(folder)/no/way"]
  }

  private func questions(_ paths: [String]) -> [FileQuestion] {
    paths.flatMap { path in
      [
        FileQuestion(path: path), FileQuestion(path: path, followsLinks: false),
        FileQuestion(path: path, contentLimit: 1 << 20),
        FileQuestion(path: path, followsLinks: false, contentLimit: 6, wantsDigest: true),
        FileQuestion(path: path, contentLimit: 1 << 20, knownDigest: SHA256.hex(Self.contents[1])),
      ]
    }
  }

  @Test(arguments: LocalShell.all)
  func areAnsweredTogetherAsAlone(_ shell: LocalShell) throws {
    let folder = try Folder()
    let questions = questions(try makeFiles(in: folder.path))
    let together = try shell.look(Probe(all: questions.map { .file($0) }))
    #expect(together.count == questions.count)
    for (question, status) in zip(questions, together) {
      let alone = try shell.look(Probe(.file(question)))
      #expect(status == alone, "\(question)")
    }
  }

  @Test(arguments: LocalShell.all)
  func tellWhatIsThere(_ shell: LocalShell) throws {
    let folder = try Folder()
    let questions = questions(try makeFiles(in: folder.path))
    let found = try shell.look(Probe(all: questions.map { .file($0) }))
    for (question, status) in zip(questions, found) {
      var wanted = stat()
      let isThere =
        (question.followsLinks ? stat(question.path, &wanted) : lstat(question.path, &wanted)) == 0
      #expect(status.exists == isThere, "\(question)")
      guard isThere else { continue }
      #expect(status.mode == UInt16(wanted.st_mode & 0o7777), "\(question)")
      #expect(status.size == Int(wanted.st_size), "\(question)")
      #expect(status.modified == wanted.st_mtim.tv_sec, "\(question)")
      guard wanted.st_mode & S_IFMT == S_IFREG else {
        #expect(status.content == nil && status.kind != .file, "\(question)")
        continue
      }
      let content = [UInt8](try Data(contentsOf: URL(filePath: question.path)))
      let digest = SHA256.hex(content)
      #expect(status.sha256 == (question.wantsDigest ? digest : nil), "\(question)")
      let isBrought = content.count <= question.contentLimit && question.contentLimit > 0
      let isKnown = digest == question.knownDigest
      #expect(status.content == (isBrought && !isKnown ? content : nil), "\(question)")
    }
  }

  /// A folder of its own, removed at the end.
  private final class Folder {
    let path: String

    init() throws {
      var template = Array("/tmp/file-questions.XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else {
        throw BrokenCase(path: "/tmp", message: String(cString: strerror(errno)))
      }
      path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }
}
