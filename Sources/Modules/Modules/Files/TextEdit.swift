internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import RegularExpressions
internal import Values

/// What `lineinfile`, `blockinfile` and `replace` have in common: a text file on the host, its
/// content worked out from what is there.
struct TextEdit: Sendable {
  /// The new text, and what to say about it.
  struct Outcome: Sendable {
    var content: [UInt8]
    var message: String
    /// Further keys of the result.
    var result: OrderedDictionary<String, Value> = [:]
  }

  let path: String
  let options: WriteOptions
  /// Nil where a missing file is a failure.
  var createsFile = false
  /// Whether what is written must not be shown.
  var isSecret = false

  /// A file that may be made needs its folder; only where the file is missing is that looked at.
  var probe: Probe<ResolvedFile> {
    let file = ResolvedFile.probe(following: path)
    guard createsFile else { return file }
    return file.then { (file) throws(HostError) in
      if file.status.exists { return Probe(file) }
      let folder = Query<FileStatus>.file(FileQuestion(path: RemotePath.parent(file.path)))
      return Probe(folder).map { folder in
        var file = file
        file.folder = folder
        return file
      }
    }
  }

  /// Applies `edit` to the present text.
  ///
  /// - Parameter missing: What to say of a file that isn't there and isn't made.
  func change(
    from file: ResolvedFile, missing: String,
    edit: ([UInt8]) throws(RegularExpressionError) -> Outcome
  ) -> Change {
    let status = file.status
    switch status.kind {
    case .absent where !createsFile: return .failed(missing, result: ["rc": 257])
    case .absent, .file: break
    case .directory: return .failed("Path \(file.path) is a directory !", result: ["rc": 256])
    case .link, .other: return .failed("\(file.path) is no regular file; it is left alone")
    }
    guard let before = status.exists ? status.content : [] else {
      return .failed(
        "\(file.path) has \(status.size) bytes; files over a megabyte aren't edited by lines")
    }
    let outcome: Outcome
    do { outcome = try edit(before) } catch { return .failed(error.description) }
    // A file that isn't there and would stay empty isn't made.
    if !status.exists, outcome.content.isEmpty {
      return .satisfied(["msg": .string(outcome.message)])
    }
    var change = options.file(file.path, .bytes(outcome.content), isSecret: isSecret)
      .change(from: status)
    let hasAttributes = change.differences.count > 1
    if let folder = file.folder, !folder.exists {
      change = .joined([.making(RemotePath.parent(file.path), AttributeDemand()), change])
    }
    var message = outcome.message
    if before != outcome.content, hasAttributes {
      message += " and ownership, perms or SE linux context changed"
    }
    if before == outcome.content, !change.isSatisfied {
      message = "ownership, perms or SE linux context changed"
    }
    var result: OrderedDictionary<String, Value> = ["msg": .string(message)]
    result.merge(outcome.result) { $1 }
    if !options.keepsBackup || before == outcome.content { result["backup"] = "" }
    change.result = result
    return change
  }

  /// Reads a regular expression of a task.
  static func expression(
    _ arguments: Arguments, _ name: String, _ options: RegularExpression.Options = []
  ) throws(ArgumentError) -> RegularExpression? {
    guard let pattern = try arguments.string(name) else { return nil }
    do { return try RegularExpression(pattern, options) } catch {
      throw ArgumentError(
        argument: name, "`\(name)` is no regular expression: \(error.description)")
    }
  }

  /// Any bytes as a text that expressions can search: UTF-8, or else each byte as one character.
  static func text(_ bytes: [UInt8]) -> String {
    String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}
