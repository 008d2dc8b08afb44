internal import Cryptography
package import Hosts

/// A host that is only in memory: files, and answers by script.
///
/// It performs file actions, so that a module's laws can be checked without a machine.
package struct MemoryHost: Sendable {
  /// Everything that is there, by absolute path; folders have entries of their own.
  package var files: [String: FileStatus]
  /// Answers to questions that aren't about one file.
  package var answers: [ScriptedAnswer]
  /// What was asked, in order.
  package private(set) var asked: [Question] = []
  /// What was done, in order.
  package private(set) var performed: [Action] = []

  package init(files: [String: FileStatus] = [:], answers: [ScriptedAnswer] = []) {
    self.files = files
    self.answers = answers
    for path in files.keys { addFolders(above: path) }
  }

  /// What this host says to a question.
  package mutating func answer(_ question: Question) -> CommandOutput {
    asked.append(question)
    if let file = question.file { return status(of: file).answer(to: file) }
    if let path = Self.linkQuestion(question.script) {
      return CommandOutput((resolve(path) ?? "") + "\n")
    }
    for answer in answers where answer.fits(question.script) { return answer.output }
    return CommandOutput(status: 127, "", standardError: "no answer for: \(question.script)")
  }

  /// What a probe's questions lead to, however many stages it takes.
  package mutating func look<State>(_ probe: Probe<State>) throws(HostError) -> State {
    var probe = probe
    while true {
      var outputs: [CommandOutput] = []
      for question in probe.questions { outputs.append(answer(question)) }
      switch try probe.resolve(outputs) {
      case .state(let state): return state
      case .ask(let next): probe = next
      }
    }
  }

  private func status(of file: FileQuestion) -> FileStatus {
    guard file.followsLinks else { return files[file.path] ?? FileStatus(kind: .absent) }
    return resolve(file.path).flatMap { files[$0] } ?? FileStatus(kind: .absent)
  }

  /// The path that a chain of links ends at; nil where it ends nowhere or in a circle.
  private func resolve(_ path: String) -> String? {
    var path = path
    for _ in 0..<8 {
      guard let status = files[path], status.kind == .link else { return path }
      let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
      path = status.linkTarget.hasPrefix("/") ? status.linkTarget : "\(folder)/\(status.linkTarget)"
    }
    return nil
  }

  /// The path of `readlink -f -- PATH || :`, which modules ask about links.
  private static func linkQuestion(_ script: String) -> String? {
    guard script.hasPrefix("readlink -f -- "), script.hasSuffix(" || :") else { return nil }
    return String(script.dropFirst(15).dropLast(5))
  }

  private mutating func addFolders(above path: String) {
    var parts = path.split(separator: "/").dropLast()
    while !parts.isEmpty {
      let folder = "/" + parts.joined(separator: "/")
      if files[folder] == nil { files[folder] = .folder() }
      parts = parts.dropLast()
    }
  }
}

extension MemoryHost {
  /// Performs an action; commands only add to `performed`.
  @discardableResult
  package mutating func perform(_ action: Action) -> CommandOutput {
    performed.append(action)
    switch action.operation {
    case .run(let command):
      return answers.first { $0.fits(command.script) }?.output ?? CommandOutput()
    case .write(let write): self.write(write)
    case .remove(let path):
      files = files.filter { $0.key != path && !$0.key.hasPrefix(path + "/") }
    case .setAttributes(let path, let attributes, let isRecursive):
      guard let target = resolve(path) else { break }
      for key in files.keys
      where key == target || isRecursive && key.hasPrefix(target + "/") {
        files[key]?.set(attributes)
      }
    case .makeFolder(let path, let attributes):
      addFolders(above: path)
      files[path] = .folder()
      files[path]?.set(attributes)
    case .makeLink(let path, let target, let isSymbolic):
      addFolders(above: path)
      files[path] = isSymbolic ? .link(to: target) : files[target]
    case .download(let path):
      return CommandOutput(standardOutput: files[path]?.content ?? [])
    }
    return CommandOutput()
  }

  private mutating func write(_ write: FileWrite) {
    let old = files[write.path]
    if write.keepsBackup, let old { files[write.path + ".1.2026-01-01@00:00:00~"] = old }
    var new: FileStatus
    switch write.content {
    case .bytes(let bytes): new = .file(bytes)
    case .controllerFile(_, let size):
      new = FileStatus(kind: .file)
      new.size = size
    }
    if let old, old.kind == .file {
      (new.user, new.userID, new.group, new.groupID) = (
        old.user, old.userID, old.group, old.groupID
      )
      new.mode = old.mode
    }
    new.set(write.attributes)
    files[write.path] = new
  }
}

/// What a memory host answers to a script.
package struct ScriptedAnswer: Sendable {
  /// The script, its beginning, or a part of it; every script where this is empty.
  package var script: String
  package var output: CommandOutput

  package init(_ script: String, _ output: CommandOutput) {
    self.script = script
    self.output = output
  }

  func fits(_ asked: String) -> Bool {
    script.isEmpty || asked == script || asked.contains(script)
  }
}

extension FileStatus {
  /// A regular file of root's, mode 0644.
  package static func file(_ content: [UInt8], mode: UInt16 = 0o644) -> FileStatus {
    var status = FileStatus(kind: .file)
    status.mode = mode
    (status.user, status.group) = ("root", "root")
    status.size = content.count
    status.content = content
    status.sha256 = SHA256.hex(content)
    return status
  }

  /// A folder of root's, mode 0755.
  package static func folder(mode: UInt16 = 0o755) -> FileStatus {
    var status = FileStatus(kind: .directory)
    status.mode = mode
    (status.user, status.group) = ("root", "root")
    return status
  }

  /// A symbolic link.
  package static func link(to target: String) -> FileStatus {
    var status = FileStatus(kind: .link)
    status.mode = 0o777
    (status.user, status.group) = ("root", "root")
    status.linkTarget = target
    return status
  }

  /// Takes over what is given.
  package mutating func set(_ attributes: FileAttributes) {
    if let owner = attributes.owner {
      userID = Int(owner) ?? userID
      user = owner
    }
    if let group = attributes.group {
      groupID = Int(group) ?? groupID
      self.group = group
    }
    if let mode = attributes.mode { self.mode = mode }
  }
}
