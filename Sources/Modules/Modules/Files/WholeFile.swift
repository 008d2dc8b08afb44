internal import Cryptography
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// What a file shall hold and who may use it, whoever worked that out.
///
/// Where only `apply` can tell the content, `content` is nil. A plan then shows what is there and
/// `(known after apply)`, and its action names the path without saying what is written to it.
struct WholeFile: Sendable {
  var path: String
  var content: FileContent?
  /// The content's sums, where that isn't at hand as bytes.
  var large: LargeFile?
  var attributes = AttributeDemand()
  /// The mode of the file that it is copied from, for `mode: preserve`.
  var sourceMode: UInt16?
  /// Whether a changed file gets the source's mode where no mode is asked for, as Ansible's
  /// `remote_src` does it.
  var takesSourceMode = false
  var keepsBackup = false
  var validate: String?
  var isSecret = false
  /// The text with its secret and unknown parts named, for the difference; nil where the whole is
  /// secret, or all of it may be shown.
  var shown: String?

  /// The text that stands for what isn't known yet.
  static let unknownText = "(known after apply)"

  /// What turns `status` into this; satisfied where nothing does.
  func change(from status: FileStatus) -> Change {
    if isSame(as: status) { return attributeChange(from: status) }
    var attributes = attributes.all(over: status, source: sourceMode)
    // A link is replaced, not followed: what it leads to lends the new file no mode.
    if status.kind == .link { attributes.mode = attributes.mode ?? FileMode.newFile }
    if takesSourceMode { attributes.mode = attributes.mode ?? sourceMode }
    var shown = AttributeDemand.differences(from: status, to: attributes)
    shown.insert(difference(from: status), at: 0)
    let reason = status.exists ? "content differs" : "file missing"
    guard let content else {
      let action = Action(
        .run(Command(":", isContained: true)), touches: [.path(path)],
        summary: "write \(path) \(Self.unknownText)")
      return Change(differences: shown, actions: [action], reason: "content known after apply")
    }
    let write = FileWrite(
      path: path, content: content, attributes: attributes,
      keepsBackup: keepsBackup && status.exists, validate: validate, isSecret: isSecret)
    return Change(
      differences: shown,
      actions: [Action(.write(write), touches: [.path(path)], summary: "write \(path)")],
      reason: reason, result: result(over: status, with: attributes),
      unknownResults: write.keepsBackup ? ["backup_file"] : [])
  }

  private func isSame(as status: FileStatus) -> Bool {
    guard status.kind == .file, let content else { return false }
    if case .bytes(let bytes) = content {
      if let current = status.content { return current == bytes }
      return status.size == bytes.count && status.sha256 == SHA256.hex(bytes)
    }
    return status.sha256 != nil && status.sha256 == large?.sha256
  }

  /// Only owner, group and mode.
  private func attributeChange(from status: FileStatus) -> Change {
    let missing = attributes.missing(from: status, source: sourceMode)
    var change = Change.setting(missing, on: path, status)
    change.result.merge(result(over: status, with: missing)) { $1 }
    return change
  }

  private func result(
    over status: FileStatus, with attributes: FileAttributes
  ) -> OrderedDictionary<String, Value> {
    var result = status.result(with: attributes)
    result["dest"] = .string(path)
    result["state"] = "file"
    if !status.exists, result["mode"] == nil {
      result["mode"] = .string(FileMode.octal(FileMode.newFile))
    }
    switch content {
    case .bytes(let bytes)?:
      result["size"] = .int(bytes.count)
      if !isSecret {
        result["checksum"] = .string(SHA1.hex(bytes))
        result["md5sum"] = .string(MD5.hex(bytes))
      }
    case .controllerFile(_, let size)?:
      result["size"] = .int(size)
      if let large { result["checksum"] = .string(large.sha1) }
    case nil: break
    }
    return result
  }

  private func difference(from status: FileStatus) -> Difference {
    let before = status.content.flatMap(Self.text)
    let wasShown = status.kind != .file || before != nil
    if let shown, wasShown {
      return Difference(
        path, .text(before: before.map { SecretMask(shown).masked($0, next: text) }, after: shown))
    }
    guard let content else {
      return Difference(
        path, .text(before: before, after: Self.unknownText), isSecret: isSecret)
    }
    if case .bytes(let bytes) = content, let after = Self.text(bytes), wasShown {
      return Difference(path, .text(before: before, after: after), isSecret: isSecret)
    }
    return Difference(
      path,
      .attribute(before: Self.summary(status), after: Self.summary(content, sha256: large?.sha256)),
      isSecret: isSecret)
  }

  /// The content as text, where it is known.
  private var text: String? {
    if case .bytes(let bytes)? = content { return Self.text(bytes) }
    return nil
  }

  /// The bytes as text; nil for what no diff can show.
  static func text(_ bytes: [UInt8]) -> String? {
    if bytes.contains(0) || bytes.count > 1 << 20 { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func summary(_ status: FileStatus) -> String {
    guard status.exists else { return "(absent)" }
    return "\(status.size) bytes" + (status.sha256.map { ", sha256 \($0.prefix(12))" } ?? "")
  }

  private static func summary(_ content: FileContent, sha256: String?) -> String {
    switch content {
    case .bytes(let bytes): "\(bytes.count) bytes, sha256 \(SHA256.hex(bytes).prefix(12))"
    case .controllerFile(_, let size):
      "\(size) bytes" + (sha256.map { ", sha256 \($0.prefix(12))" } ?? "")
    }
  }
}

extension Change {
  /// Sets owner, group and mode where that is needed; satisfied where `attributes` is empty.
  static func setting(
    _ attributes: FileAttributes, on path: String, _ status: FileStatus
  ) -> Change {
    if attributes.isEmpty { return .satisfied(status.result()) }
    let action = Action(
      .setAttributes(path: path, attributes, recursive: false), touches: [.path(path)],
      summary: "set \(AttributeDemand.names(attributes)) of \(path)")
    return Change(
      differences: AttributeDemand.differences(from: status, to: attributes), actions: [action],
      reason: "\(AttributeDemand.names(attributes)) differs",
      result: status.result(with: attributes))
  }
}
