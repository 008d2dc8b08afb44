internal import Diagnostics
package import Documents
internal import Glibc
package import ModuleKit
package import Templates
package import Values

/// The controller's files as a task sees them: found where Ansible looks for them.
package struct TaskFiles: ControllerFiles {
  package let search: FileSearch
  package let scope: Scope
  package let passwords: VaultPasswords
  private let large: LargeFiles

  /// - Parameter large: what all tasks of a run know of large files.
  package init(
    search: FileSearch, scope: Scope, passwords: VaultPasswords, large: LargeFiles = LargeFiles()
  ) {
    self.large = large
    self.search = search
    self.scope = scope
    self.passwords = passwords
  }

  package func locate(_ name: String, in folder: String) throws(ArgumentError) -> String {
    let candidates = search.candidates(for: name, in: folder)
    for path in candidates where access(path, F_OK) == 0 { return path }
    throw ArgumentError(
      "there is no file `\(name)`", help: "looked for " + candidates.joined(separator: ", "))
  }

  package func read(_ path: String) throws(ArgumentError) -> (bytes: [UInt8], isSecret: Bool) {
    do throws(Diagnostics) {
      let bytes = try DocumentFile.bytes(path)
      guard Vault.isVaulted(bytes) else { return (bytes, false) }
      let text = String(decoding: bytes, as: UTF8.self)
      let file = SourceFile(path: path, text: "")
      return (
        try Vault.decrypt(
          text, with: passwords, at: SourceRange(file: file, line: 1, column: 1)), true
      )
    } catch { throw ArgumentError(error) }
  }

  package func largeFile(_ path: String, over limit: Int) throws(ArgumentError) -> LargeFile? {
    if (try? DocumentFile.start(of: path, count: 16)).map({ Vault.isVaulted($0) }) ?? false {
      return nil
    }
    return try large.file(path, over: limit)
  }

  package func list(_ folder: String) throws(ArgumentError) -> [String] {
    var found: [String] = []
    try list(folder, prefix: "", into: &found)
    return found.sorted()
  }

  private func list(
    _ folder: String, prefix: String, into found: inout [String]
  ) throws(ArgumentError) {
    guard let handle = opendir(folder) else {
      throw ArgumentError("can't read the folder \(folder): \(String(cString: strerror(errno)))")
    }
    defer { closedir(handle) }
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      let path = folder + "/" + name
      if isFolder(path) == true {
        found.append(prefix + name + "/")
        try list(path, prefix: prefix + name + "/", into: &found)
      } else {
        found.append(prefix + name)
      }
    }
  }

  package func isFolder(_ path: String) -> Bool? { FileSearch.isFolder(path) }

  package func mode(of path: String) throws(ArgumentError) -> UInt16 {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw ArgumentError("can't read \(path): \(String(cString: strerror(errno)))")
    }
    return UInt16(status.st_mode & 0o7777)
  }

  package func render(
    _ path: String, options: [String: Value]
  ) throws(ArgumentError) -> RenderedFile {
    let (bytes, isSecret) = try read(path)
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw ArgumentError("the template \(path) is no text in UTF-8")
    }
    let template = scope.resources.templates.template(
      bytes, at: path, options: TemplateOptions(options), isSecret: isSecret)
    do throws(TemplateError) {
      let rendered = try template.render(in: scope.adding(Self.variables(of: path)))
      if isSecret { return RenderedFile(rendered.value.marked(.secret)) }
      return RenderedFile(rendered.value, shown: rendered.isPlain ? nil : rendered.shown)
    } catch {
      throw ArgumentError(error)
    }
  }

  /// `template_path` and the like; those that tell of time or the controller are left out, since a
  /// file that holds them differs in every run.
  private static func variables(of path: String) -> [String: Variable] {
    [
      "template_path": .value(.string(path)), "template_fullpath": .value(.string(path)),
      "ansible_managed": .value("Ansible managed"),
    ]
  }

  package func variables(_ path: String) throws(ArgumentError) -> Value {
    let expression: Expression
    do throws(Diagnostics) {
      expression = try YAMLReader(passwords: passwords).read(path)
    } catch { throw ArgumentError(error) }
    do throws(TemplateError) {
      return try expression.evaluate(in: scope)
    } catch { throw ArgumentError(error) }
  }
}

extension FileSearch {
  /// Where Ansible looks for a file: in the role's `files/` (or `templates/`…), in the role, beside
  /// the task's file, and the same beside the playbook.
  package func candidates(for name: String, in folder: String) -> [String] {
    if name.hasPrefix("/") { return [name] }
    if name.hasPrefix("~/"), let home = getenv("HOME") {
      return [String(cString: home) + name.dropFirst()]
    }
    var paths: [String] = []
    for root in roles { paths += ["\(root)/\(folder)/\(name)", "\(root)/\(name)"] }
    for root in [taskFolder, playFolder] {
      paths += ["\(root)/\(folder)/\(name)", "\(root)/\(name)"]
    }
    var seen = Set<String>()
    return paths.filter { seen.insert($0).inserted }
  }

  static func isFolder(_ path: String) -> Bool? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR
  }
}

extension ArgumentError {
  init(_ error: Diagnostics) {
    let first = error.all.first
    let place = first?.range.map { "\($0): " } ?? ""
    self.init(place + (first?.message ?? "unreadable"), help: first?.help)
  }

  init(_ error: TemplateError) {
    let place = error.range.map { "\($0): " } ?? ""
    self.init(place + error.message, help: error.help)
  }
}

extension TemplateOptions {
  /// Options as the `template` module names them.
  init(_ options: [String: Value]) {
    self = .file
    for (name, value) in options {
      let text = value.unmarked().description
      switch name {
      case "trim_blocks": trimBlocks = value.isTruthy
      case "lstrip_blocks": lstripBlocks = value.isTruthy
      case "newline_sequence": newline = text
      case "variable_start_string": variableStart = text
      case "variable_end_string": variableEnd = text
      case "block_start_string": blockStart = text
      case "block_end_string": blockEnd = text
      case "comment_start_string": commentStart = text
      case "comment_end_string": commentEnd = text
      default: break
      }
    }
  }
}
