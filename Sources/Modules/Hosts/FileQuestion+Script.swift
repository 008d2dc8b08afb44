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
  /// Says `KIND\tMODE\tUID\tUSER\tGID\tGROUP\tSIZE\tMTIME\tPATH`, the link's target, the digest, and
  /// then the raw content; a line each. A call of the function in `shellFunctions`.
  package var script: String {
    let words = [path, followsLinks ? "L" : "", "\(contentLimit)", wantsDigest ? "d" : ""]
    return "file \(Shell.words(words + (knownDigest.map { [$0] } ?? [])))"
  }

  /// Whether one program can be asked about this path and others: its name fits in a line.
  private var isPlain: Bool { !path.contains { $0 == "\n" || $0 == "\\" || $0 == "\t" } }

  /// What GNU's and busybox's `stat -c` are asked for.
  private static let format = "%F\t%a\t%u\t%U\t%g\t%G\t%s\t%Y\t%n"

  /// `file PATH L|'' LIMIT d|'' [DIGEST]` looks its path up in what `shellPreparation` noted in
  /// `file_L`, `file_N` and `file_D`, and asks a program of its own only where it isn't there.
  package static let shellFunctions = #"""
    file_stat() { stat $1 -c '\#(format)' -- "$2"; }
    file() {
    if [ "$2" ]; then f=$file_L; else f=$file_N; fi
    s=${f%%"\#t$1
    "*}
    if [ "$s" != "$f" ]; then s=${s##*"
    "}; elif [ -e "$1" ] || { [ -z "$2" ] && [ -L "$1" ]; }; then
    s=$(file_stat "${2:+-L}" "$1") || return 1; s=${s%"\#t$1"}
    else
    f=$1; while [ "${f%/*}" != "$f" ] && [ "${f%/*}" ]; do f=${f%/*}
    if [ -d "$f" ]; then [ -x "$f" ] || { echo "$f: Permission denied" >&2; return 77; }; break; fi
    done; echo absent; return; fi
    printf '%s\n' "$s"; d=
    if [ -L "$1" ]; then readlink -- "$1" || echo; else echo; fi
    if [ "$4" ] && [ -f "$1" ]; then d=${file_D%%"  $1
    "*}
    if [ "$d" != "$file_D" ]; then d=${d##*"
    "}; else d=$(sha256sum < "$1"); d=${d%% *}; fi; fi
    echo "$d"; s=${s%\#t*}
    if [ "$3" != 0 ] && [ -f "$1" ] && { [ "$2" ] || ! [ -L "$1" ]; } && [ "${s##*\#t}" -le "$3" ] \
    && { [ -z "$5" ] || [ "$5" != "$d" ]; }; then cat < "$1"; fi; }

    """#

  /// One `stat` and one `sha256sum` for all these files: a converged run's time on a host is mostly
  /// that of the programs that it starts there.
  package static func shellPreparation(_ files: [FileQuestion]) -> String {
    let files = files.filter(\.isPlain)
    var text = ""
    for (name, option, isFollowed) in [("L", "-L ", true), ("N", "", false)] {
      let paths = files.filter { $0.followsLinks == isFollowed }.map(\.path)
      text +=
        paths.count < 2
        ? "file_\(name)=\n"
        : "file_\(name)=$(stat \(option)-c '\(format)' -- \(Shell.words(paths)) 2>/dev/null)\n"
          + "file_\(name)=\"\n$file_\(name)\n\"\n"
    }
    // Two blanks stand before a name in what `sha256sum` says.
    let digests = files.filter { $0.wantsDigest && !$0.path.contains("  ") }.map(\.path)
    guard digests.count > 1 else { return text + "file_D=\n" }
    return text + """
      set --; for f in \(Shell.words(digests)); do [ -f "$f" ] && set -- "$@" "$f"; done
      file_D=; [ $# = 0 ] || file_D="
      $(sha256sum -- "$@" 2>/dev/null)
      "

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
    let isKnown = sha256 != nil && sha256 == question.knownDigest
    if question.contentLimit > 0, kind == .file, size <= question.contentLimit, !isKnown {
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
    let isKnown = sha256 != nil && sha256 == question.knownDigest
    if question.contentLimit > 0, let content, content.count <= question.contentLimit, !isKnown {
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
