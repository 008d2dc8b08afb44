extension Query where Answer == FileStatus {
  /// What is at a path.
  package static func file(_ file: FileQuestion, isObserved: Bool = false) -> Query<FileStatus> {
    let question = Question(
      script: file.script, about: [.path(file.path)], file: file, isObserved: isObserved)
    return Query(question) { (output) throws(HostError) in
      try FileStatus(answer: output, to: file)
    }
  }

  /// What is at a path, with the content that a diff needs (up to a megabyte) and the digest.
  package static func content(of path: String, followsLinks: Bool = true) -> Query<FileStatus> {
    .file(
      FileQuestion(
        path: path, followsLinks: followsLinks, contentLimit: 1 << 20, wantsDigest: true))
  }
}

extension FileQuestion {
  /// Says `KIND\tMODE\tUID\tUSER\tGID\tGROUP\tSIZE\tMTIME`, the link's target, the digest, and then
  /// the raw content; a line each. GNU's and busybox's stat both have these formats.
  /// Starts few programs: a converged run's time on a host is mostly theirs.
  package var script: String {
    let word = Shell.quote(path)
    let follow = followsLinks ? " -L" : ""
    let test = followsLinks ? "[ -e \(word) ]" : "{ [ -e \(word) ] || [ -L \(word) ]; }"
    let digest =
      wantsDigest
      ? "if [ -f \(word) ]; then d=$(sha256sum < \(word)); echo \"${d%% *}\"; else echo; fi"
      : "echo"
    var script = """
      if \(test); then
      s=$(stat\(follow) -c '%F\t%a\t%u\t%U\t%g\t%G\t%s\t%Y' -- \(word)) || exit 1
      printf '%s\\n' "$s"
      if [ -L \(word) ]; then readlink -- \(word) || echo; else echo; fi
      \(digest)
      """
    if contentLimit > 0 {
      // A link's own content isn't wanted, and the size that stat said is the link's.
      let isFile = "[ -f \(word) ]" + (followsLinks ? "" : " && ! [ -L \(word) ]")
      script += """

        s=${s%\t*}
        if \(isFile) && [ "${s##*\t}" -le \(contentLimit) ]; then cat < \(word); fi
        """
    }
    // A folder on the way that may not be searched looks like absence; say so instead.
    return script + """

      else d=\(word); while [ "${d%/*}" != "$d" ] && [ -n "${d%/*}" ]; do d=${d%/*}
      if [ -d "$d" ]; then [ -x "$d" ] || { echo "$d: Permission denied" >&2; exit 77; }; break; fi
      done; echo absent; fi
      """
  }
}

extension FileStatus {
  /// Understands what `FileQuestion.script` says.
  package init(answer: CommandOutput, to question: FileQuestion) throws(HostError) {
    guard answer.status == 0 else {
      throw HostError(.probeFailed, "can't read \(question.path): \(answer.errorText)")
    }
    let lines = answer.standardOutput.split(
      separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
    let first = String(decoding: lines[0], as: UTF8.self)
    if first == "absent" {
      self.init(kind: .absent)
      return
    }
    let fields = first.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 8, lines.count >= 3, let mode = UInt16(fields[1], radix: 8) else {
      throw HostError(.probeFailed, "can't understand the status of \(question.path): \(first)")
    }
    self.init(kind: Kind(stat: fields[0]))
    self.mode = mode
    userID = Int(fields[2]) ?? 0
    user = fields[3]
    groupID = Int(fields[4]) ?? 0
    group = fields[5]
    size = Int(fields[6]) ?? 0
    modified = Int(fields[7]) ?? 0
    linkTarget = String(decoding: lines[1], as: UTF8.self)
    let digest = String(decoding: lines[2], as: UTF8.self)
    sha256 = digest.isEmpty ? nil : digest
    if question.contentLimit > 0, kind == .file, size <= question.contentLimit {
      content = lines.count > 3 ? Array(lines[3]) : []
    }
  }

  /// The answer that a host in this state gives to `question`.
  package func answer(to question: FileQuestion) -> CommandOutput {
    guard exists else { return CommandOutput("absent\n") }
    let line = [
      kind.stat, String(mode, radix: 8), String(userID), user, String(groupID), group,
      String(size), String(modified),
    ].joined(separator: "\t")
    var bytes = Array("\(line)\n\(linkTarget)\n\(question.wantsDigest ? sha256 ?? "" : "")\n".utf8)
    if question.contentLimit > 0, let content, content.count <= question.contentLimit {
      bytes += content
    }
    return CommandOutput(standardOutput: bytes)
  }
}

extension FileStatus.Kind {
  /// The kind by stat's name for it (`regular empty file` is a file, too).
  fileprivate init(stat name: String) {
    switch name {
    case "regular file", "regular empty file": self = .file
    case "directory": self = .directory
    case "symbolic link": self = .link
    default: self = .other
    }
  }

  fileprivate var stat: String {
    switch self {
    case .absent: "absent"
    case .file: "regular file"
    case .directory: "directory"
    case .link: "symbolic link"
    case .other: "other"
    }
  }
}
