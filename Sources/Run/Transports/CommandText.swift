internal import Cryptography
internal import Hosts

/// What is written to the persistent shell to have one command run and its output framed.
///
/// The text is complete before it is sent: some shells (dash, busybox) read their input ahead in
/// blocks, so nothing that follows could be read by the command. The command runs in a subshell
/// without access to that input. Output and error output stay apart, each ended by its own mark.
struct CommandText {
  /// How a command's output reaches us.
  enum Mode {
    /// Straight. A child left in the background could write into the next command's output.
    case direct
    /// Through files in the shell's private folder, made when first needed.
    case files
  }

  /// What a command may get as standard input within its text, in bytes.
  static let inputLimit = 16 << 20
  /// Said instead of a status if the private folder can't be made.
  static let noFolder = "no-folder"

  /// The subshell that does the work, as bytes, for input need not be UTF-8.
  private var work: [UInt8]
  private var mode: Mode

  /// A script of questions, read in place.
  init(reading script: String) {
    work = Array("( eval \(Shell.quote(script)) ) </dev/null".utf8)
    mode = .direct
  }

  /// A command; `folder` is the shell's private folder.
  init(_ command: Command, folder: String) throws(HostError) {
    var inner = try Self.environment(command.environment)
    if let workingFolder = command.workingFolder {
      inner += "CDPATH= cd -- \(Shell.quote(workingFolder)) || exit; "
    }
    if let executable = command.executable {
      // A file, not `-c`: everybody on the host could read an argument.
      let file = RemotePath.quoted(folder + "/s")
      inner += "printf '%s\\n' \(Shell.quote(command.script)) >\(file) || exit; "
      inner += "exec \(Shell.quote(executable)) \(file)"
    } else {
      inner += "eval \(Shell.quote(command.script))"
    }
    let subshell = Array("( \(inner) )".utf8)
    if let input = command.standardInput, !input.isEmpty {
      work = try Self.pipe(input) + subshell
    } else {
      work = subshell + Array(" </dev/null".utf8)
    }
    mode = command.isContained && command.executable == nil ? .direct : .files
  }

  /// Whether the shell's private folder is needed.
  var needsFolder: Bool { mode == .files }

  /// The text, with a line break at the end, whose output ends with `mark`.
  func framed(mark: String, folder: String) -> [UInt8] {
    let place = RemotePath.quoted(folder)
    switch mode {
    case .direct:
      return work
        + Array("; printf '\\n\(mark) %d\\n' \"$?\"; printf '\\n\(mark) \\n' >&2\n".utf8)
    case .files:
      let ready = "if [ -d \(place) ] || mkdir -m 700 \(place); then "
      let after = """
         >\(place)/o 2>\(place)/e; _orchestrate=$?; cat \(place)/o; cat \(place)/e >&2; \
        rm -f \(place)/o \(place)/e \(place)/s; else _orchestrate=\(Self.noFolder); fi; \
        printf '\\n\(mark) %s\\n' "$_orchestrate"; printf '\\n\(mark) \\n' >&2

        """
      return Array(ready.utf8) + group(work) + Array(after.utf8)
    }
  }

  /// In braces, so that a redirection covers a whole pipeline, errors of its first part included.
  private func group(_ work: [UInt8]) -> [UInt8] {
    Array("{ ".utf8) + work + Array("; }".utf8)
  }

  private static func environment(_ variables: [String: String]) throws(HostError) -> String {
    guard !variables.isEmpty else { return "" }
    var text = "export"
    for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
      guard isName(name) else {
        throw HostError(
          .actionFailed, "environment variable '\(name)' has no name that a shell takes",
          help: "use letters, digits and underscores, with no digit first")
      }
      text += " \(name)=\(Shell.quote(value))"
    }
    return text + "; "
  }

  private static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }

  /// The first part of a pipeline, which says `input` byte for byte.
  private static func pipe(_ input: [UInt8]) throws(HostError) -> [UInt8] {
    guard input.count <= inputLimit else {
      throw HostError(
        .actionFailed, "standard input of \(input.count) bytes is more than a command can get",
        help: "copy it to the host as a file and redirect the command's input from it")
    }
    // A word can't hold NUL.
    guard input.contains(0) else {
      return Array("printf %s ".utf8) + quoted(input) + Array(" | ".utf8)
    }
    return Array("printf %s \(Base64.encode(input)) | base64 -d | ".utf8)
  }

  private static func quoted(_ bytes: [UInt8]) -> [UInt8] {
    var word: [UInt8] = [UInt8(ascii: "'")]
    word.reserveCapacity(bytes.count + 2)
    for byte in bytes {
      if byte == UInt8(ascii: "'") { word += Array("'\\''".utf8) } else { word.append(byte) }
    }
    word.append(UInt8(ascii: "'"))
    return word
  }
}
