internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `find`: the files in folders that fit.
struct Find: Module {
  static let documentation = ModuleDocumentation(
    name: "find",
    summary: "Lists the files in folders that fit a description.",
    notes: [
      "`contains` looks at the first megabyte of a file, line by line.",
      "What an earlier task of a plan will write isn't there yet, so a plan can't tell of it.",
    ],
    arguments: [
      ArgumentSpecification(
        "paths", .list, "The folders.", isRequired: true, aliases: ["name", "path"]),
      ArgumentSpecification(
        "patterns", .list, "What names are like.", default: [], aliases: ["pattern"]),
      ArgumentSpecification(
        "excludes", .list, "What names aren't like.", default: [], aliases: ["exclude"]),
      ArgumentSpecification(
        "use_regex", .boolean, "Patterns are regular expressions.", default: false),
      ArgumentSpecification(
        "file_type", .string, "The kind of thing.", default: "file",
        choices: ["any", "directory", "file", "link"]),
      ArgumentSpecification("recurse", .boolean, "Look in folders in them, too.", default: false),
      ArgumentSpecification("depth", .integer, "How far to go down."),
      ArgumentSpecification(
        "hidden", .boolean, "Names that begin with a dot, too.", default: false),
      ArgumentSpecification("follow", .boolean, "Follow links to folders.", default: false),
      ArgumentSpecification("age", .string, "At least so old (`2d`), or at most (`-2d`)."),
      ArgumentSpecification(
        "age_stamp", .string, "Which time counts.", default: "mtime",
        choices: ["atime", "ctime", "mtime"]),
      ArgumentSpecification("size", .string, "At least so big (`2k`), or at most (`-2k`)."),
      ArgumentSpecification("mode", .mode, "Which permissions."),
      ArgumentSpecification(
        "exact_mode", .boolean, "Just these permissions, not any of them.", default: true),
      ArgumentSpecification("contains", .string, "An expression that a line matches."),
      ArgumentSpecification(
        "read_whole_file", .boolean, "`contains` spans lines.", default: false),
      ArgumentSpecification("get_checksum", .boolean, "Make digests.", default: false),
      ArgumentSpecification(
        "checksum_algorithm", .string, "The digest.", default: "sha1", choices: DigestProgram.names,
        aliases: ["checksum", "checksum_algo"]),
      ArgumentSpecification("limit", .integer, "How many at the most."),
    ],
    results: [
      ("files", "The files, each as `stat` tells of it."), ("matched", "How many they are."),
      ("examined", "How many were looked at."), ("skipped_paths", "The folders that aren't there."),
    ],
    example: """
      - find:
          paths: /etc/kubernetes/manifests
          patterns: '*.yaml'
        register: manifests
      """)

  /// What was found, and what became of the folders.
  struct State: Sendable {
    var files: [DetailedStatus] = []
    /// Digests by path.
    var digests: [String: String] = [:]
    var examined = 0
    var skipped: [String] = []
  }

  private let paths: [String]
  private let criteria: FindCriteria
  private let follows: Bool
  private let depth: Int?
  private let digest: String?
  private let limit: Int?

  init(_ arguments: Arguments) throws(ArgumentError) {
    paths = try arguments.strings("paths") ?? []
    criteria = try FindCriteria(arguments)
    follows = try arguments.boolean("follow") ?? false
    let recurses = try arguments.boolean("recurse") ?? false
    depth = recurses ? try arguments.integer("depth") : 1
    let algorithm = try arguments.string("checksum_algorithm") ?? "sha1"
    digest = try arguments.boolean("get_checksum") ?? false ? algorithm : nil
    limit = try arguments.integer("limit")
  }

  var probe: Probe<State> {
    let question = Question(
      script: script, about: paths.map { .path(RemotePath.withoutFinalSlash($0)) },
      isObserved: true)
    let query = Query<State>(question) { (output) throws(HostError) in found(in: output.text) }
    return Probe(query).then { (state) throws(HostError) in
      criteria.contains == nil ? Probe(state) : searched(state)
    }.then { (state) throws(HostError) in digest == nil ? Probe(state) : digested(state) }
  }

  private var script: String {
    var options = "-mindepth 1"
    if let depth { options += " -maxdepth \(depth)" }
    let stat = "stat\(follows ? " -L" : "") -c \(Shell.quote(DetailedStatus.format))"
    var lines = ["printf 'now %s\\n' \"$(date +%s)\""]
    for path in paths {
      let word = Shell.quote(path)
      lines.append(
        """
        if [ -d \(word) ]; then
        find \(follows ? "-L " : "")\(word) \(options) -exec \(stat) {} + 2>/dev/null
        else printf 'skipped %s\\n' \(word); fi
        """)
    }
    return lines.joined(separator: "\n") + "\n:"
  }

  private func found(in text: String) -> State {
    var state = State()
    var now = 0.0
    for line in text.split(separator: "\n") {
      if line.hasPrefix("now ") { now = Double(line.dropFirst(4)) ?? 0 }
      if line.hasPrefix("skipped ") { state.skipped.append(String(line.dropFirst(8))) }
      guard var status = DetailedStatus(line: line) else { continue }
      status.path = status.path.replacing("//", with: "/")
      state.examined += 1
      if criteria.fits(status, now: now) { state.files.append(status) }
    }
    return limited(state)
  }

  /// Those whose content fits: a second round trip.
  private func searched(_ state: State) -> Probe<State> {
    let queries = state.files.map { file in
      Query<FileStatus>.file(
        FileQuestion(path: file.path, contentLimit: 1 << 20), isObserved: true)
    }
    return Probe(all: queries).map { contents in
      var state = state
      state.files = zip(state.files, contents).filter { criteria.fits(content: $1.content ?? []) }
        .map(\.0)
      return limited(state)
    }
  }

  private func digested(_ state: State) -> Probe<State> {
    guard let digest, !state.files.isEmpty else { return Probe(state) }
    let lines = state.files.map { DigestProgram.command(digest, Shell.quote($0.path)) }
    let question = Question(
      script: lines.joined(separator: "\n"), about: state.files.map { .path($0.path) },
      isObserved: true)
    return Probe(
      Query<State>(question) { (output) throws(HostError) in
        var state = state
        let digests = output.text.split(separator: "\n", omittingEmptySubsequences: false)
        for (file, digest) in zip(state.files, digests) {
          state.digests[file.path] = String(digest)
        }
        return state
      })
  }

  private func limited(_ state: State) -> State {
    guard let limit, state.files.count > limit, limit > 0 else { return state }
    var state = state
    state.files = Array(state.files.prefix(limit))
    return state
  }

  func diff(from current: State) -> Change {
    let files = current.files.map { file in
      var values = file.values
      if let digest = current.digests[file.path], file.isFile {
        values["checksum"] = .string(digest)
      }
      return Value.object(values)
    }
    let skipped = current.skipped.map { ($0, Value.string("'\($0)' is not a directory")) }
    return .satisfied([
      "files": .list(files), "matched": .int(files.count), "examined": .int(current.examined),
      "skipped_paths": .object(OrderedDictionary(skipped, uniquingKeysWith: { $1 })),
      "msg": .string(
        skipped.isEmpty
          ? "All paths examined" : "Not all paths examined, check warnings for details"),
    ])
  }
}
