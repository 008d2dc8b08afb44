internal import Hosts
package import ModuleKit
package import OrderedCollections
package import Values

/// A case of a module, from a file `Cases/MODULE/CLAIM.yml`.
///
/// `arguments`, what is there (`files`, `answers`, `controller`, `rendered`, `variables`), whether
/// it is a `plan`, which arguments are `secrets`, and what is to come of it: `expect` (the printed
/// change) or `refused` (the error), `result` (some keys), and `afterwards`: `satisfied` unless
/// it says `changes` (by nature) or gives the answers that hold then.
package struct ModuleCase: Sendable, CustomStringConvertible {
  /// The path under `Cases`.
  package let name: String
  package let data: Value

  package var description: String { name }
  /// The module's name: `module`, or the folder's.
  package var module: String {
    data["module"]?.text ?? String(name.split(separator: "/")[0])
  }

  package init(_ name: String, in folder: CaseFolder) throws {
    self.name = name
    data = try PlainData.read(folder.path + "/" + name)
    let known = [
      "module", "arguments", "files", "answers", "controller", "rendered", "variables", "plan",
      "secrets", "become_user", "expect", "refused", "result", "afterwards",
    ]
    for (key, _) in data.entries ?? [] where !known.contains(key) {
      throw BrokenCase(path: name, message: "no case has `\(key)`")
    }
  }

  /// All cases of a folder; a file that can't be read is a crash with its name.
  package static func all(in folder: CaseFolder) -> [ModuleCase] {
    folder.names(endingIn: ".yml").map { name in
      do { return try ModuleCase(name, in: folder) } catch { fatalError("\(error)") }
    }
  }

  /// The arguments, those under `secrets` marked so; `UNKNOWN` is a value that isn't known.
  package var arguments: OrderedDictionary<String, Value> {
    var arguments: OrderedDictionary<String, Value> = [:]
    let secrets = data["secrets"]?.items?.compactMap(\.text) ?? []
    for (key, value) in data["arguments"]?.entries ?? [] {
      let value = value == "UNKNOWN" ? Value.unknown(Unknown(origin: "an earlier task")) : value
      arguments[key] = secrets.contains(key) ? value.marked(.secret) : value
    }
    return arguments
  }

  /// What the module knows of the controller.
  package var context: ModuleContext {
    var files = MemoryFiles()
    let secrets = data["secrets"]?.items?.compactMap(\.text) ?? []
    for (path, content) in data["controller"]?.entries ?? [] {
      files.contents[path] = Array((content.text ?? "").utf8)
    }
    for (path, value) in data["rendered"]?.entries ?? [] {
      files.rendered[path] =
        value == "UNKNOWN" ? .unknown(Unknown(origin: "an earlier task")) : value
    }
    files.secrets = Set(secrets)
    let variables = Dictionary(
      (data["variables"]?.entries ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    return ModuleContext(
      host: "web1", becomeUser: data["become_user"]?.text, isPlan: data["plan"] == true,
      files: files, variable: { variables[$0] })
  }

  /// The module, made of the arguments.
  package func make(in registry: ModuleRegistry) throws -> AnyModule {
    guard let entry = registry[module] else {
      throw BrokenCase(path: name, message: "there is no module `\(module)`")
    }
    return try entry.make(Arguments(arguments, for: entry.documentation, in: context))
  }

  /// Texts that must not be seen: those of secret arguments and files.
  package func secretTexts(in registry: ModuleRegistry) -> [String] {
    var names = data["secrets"]?.items?.compactMap(\.text) ?? []
    names += registry[module]?.documentation.arguments.filter(\.isSecret).map(\.name) ?? []
    return names.compactMap { (data["arguments"]?[$0] ?? data["controller"]?[$0])?.text }
  }
}

extension ModuleCase {
  /// The host as it is before.
  package var host: MemoryHost { get throws { try host(answering: data["answers"]) } }

  /// The host after the change, where the case says what it answers then.
  package var hostAfterwards: MemoryHost? {
    get throws {
      guard let answers = data["afterwards"], answers.text == nil else { return nil }
      return try host(answering: answers)
    }
  }

  private func host(answering answers: Value?) throws -> MemoryHost {
    var files: [String: FileStatus] = [:]
    for (path, value) in data["files"]?.entries ?? [] { files[path] = try status(value) }
    var scripted: [ScriptedAnswer] = []
    for (script, value) in answers?.entries ?? [] {
      scripted.append(ScriptedAnswer(script, output(value)))
    }
    // The longest is the most exact.
    scripted.sort { $0.script.utf8.count > $1.script.utf8.count }
    return MemoryHost(files: files, answers: scripted)
  }

  private func output(_ value: Value) -> CommandOutput {
    if let text = value.text { return CommandOutput(text) }
    var status: Int32 = 0
    if case .int(let number)? = value["status"] { status = Int32(number) }
    return CommandOutput(
      status: status, value["output"]?.text ?? "", standardError: value["error"]?.text ?? "")
  }

  private func status(_ value: Value) throws -> FileStatus {
    if let text = value.text { return .file(Array(text.utf8)) }
    var status: FileStatus
    if let target = value["link"]?.text {
      status = .link(to: target)
    } else if value["folder"] == true {
      status = .folder()
    } else {
      status = .file(Array((value["content"]?.text ?? "").utf8))
    }
    if let mode = value["mode"]?.text { status.mode = UInt16(mode, radix: 8) ?? 0 }
    if let owner = value["owner"]?.text { status.user = owner }
    if let group = value["group"]?.text { status.group = group }
    if case .int(let id)? = value["uid"] { status.userID = id }
    return status
  }
}
