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

  /// Beyond this many bytes a word is too long for shells whose `printf` is a program.
  private static let wordLimit = 1 << 16

  /// The subshell that does the work, as bytes, for input need not be UTF-8. Its redirections must
  /// all be its own: in `{ ( … ) </dev/null; } >file`, dash leaves it the shell's input.
  private var work: [UInt8]
  private var mode: Mode
  /// Here-documents that the work reads; they follow its line.
  private var documents: [UInt8] = []

  /// A script of questions, read in place.
  init(reading script: String) {
    work = Array("( eval \(Shell.quote(script)) ) </dev/null".utf8)
    mode = .direct
  }

  /// A command; `folder` is the shell's private folder.
  init(_ command: Command, folder: String) throws(HostError) {
    var documents: [UInt8] = []
    var inner = try Self.environment(command.environment)
    if let workingFolder = command.workingFolder {
      inner += "CDPATH= cd -- \(Shell.quote(workingFolder)) || exit; "
    }
    if let executable = command.executable {
      // A file, not `-c`: everybody on the host could read an argument.
      let file = RemotePath.quoted(folder + "/s")
      inner += "cat >\(file) \(Self.document(Array(command.script.utf8), in: &documents)) || exit; "
      inner += "exec \(Shell.quote(executable)) \(file)"
    } else {
      inner += "eval \(Shell.quote(command.script))"
    }
    if let input = command.standardInput, !input.isEmpty {
      let pipe = try Self.pipe(input, &documents)
      work = Array("( ".utf8) + pipe + Array("( \(inner) ) ) </dev/null".utf8)
    } else {
      work = Array("( \(inner) ) </dev/null".utf8)
    }
    mode = command.isContained && command.executable == nil ? .direct : .files
    self.documents = documents
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
        + documents
    case .files:
      let ready = "if [ -d \(place) ] || mkdir -m 700 \(place); then "
      let after = """
         >\(place)/o 2>\(place)/e; _orchestrate=$?; cat \(place)/o; cat \(place)/e >&2; \
        rm -f \(place)/o \(place)/e \(place)/s; else _orchestrate=\(Self.noFolder); fi; \
        printf '\\n\(mark) %s\\n' "$_orchestrate"; printf '\\n\(mark) \\n' >&2

        """
      return Array(ready.utf8) + work + Array(after.utf8) + documents
    }
  }

  /// Adds a here-document, and gives the redirection that reads it.
  private static func document(_ text: [UInt8], in documents: inout [UInt8]) -> String {
    let delimiter = "END-\(SecureRandom.hex(16))"
    documents += text + Array("\n\(delimiter)\n".utf8)
    return "<<'\(delimiter)'"
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
  private static func pipe(
    _ input: [UInt8], _ documents: inout [UInt8]
  ) throws(HostError) -> [UInt8] {
    guard input.count <= inputLimit else {
      throw HostError(
        .actionFailed, "standard input of \(input.count) bytes is more than a command can get",
        help: "copy it to the host as a file and redirect the command's input from it")
    }
    // A word can't hold NUL.
    if input.count <= wordLimit, !input.contains(0) {
      return Array("printf %s ".utf8) + quoted(input) + Array(" | ".utf8)
    }
    let encoded = Array(Base64.encode(input).utf8)
    return Array("base64 -d \(document(encoded, in: &documents)) | ".utf8)
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
