import Foundation
import OrderedCollections
import Values

@testable import Templates

/// What the controller lends to the cases: the environment, and files of the case file in `/case`.
struct CaseResources: TemplateResources {
  /// The texts of files by their paths inside of `/case`.
  var files: [String: String] = [:]
  var settings = ConfiguredSettings()
  private let none = NoResources()

  init(_ files: Value?, settings: Value? = nil) {
    if case .dict(let dict)? = settings {
      for (name, value) in dict {
        self.settings.known[PythonText.str(name)] = .init(value: value, origin: "default")
      }
      self.settings.foreign = ["COLOR_OK"]
    }
    guard case .dict(let dict)? = files else { return }
    for (path, text) in dict { self.files[PythonText.str(path)] = PythonText.str(text) }
  }

  /// Beside the playbook, and in the folder that Ansible has for such files.
  func locate(_ name: String, in folder: String) -> String? {
    if name.hasPrefix("/case/") { return files[String(name.dropFirst(6))] == nil ? nil : name }
    let found = [folder + "/" + name, name].map(PathFilters.normalized).first { files[$0] != nil }
    return found.map { "/case/" + $0 }
  }

  func read(_ path: String) throws(TemplateError) -> (bytes: [UInt8], isSecret: Bool) {
    guard let text = files[String(path.dropFirst(6))] else { return try none.read(path) }
    return (Array(text.utf8), false)
  }

  func glob(_ pattern: String, in folder: String) throws(TemplateError) -> [String] {
    let candidates = [folder + "/" + pattern, pattern].map { "/case/" + PathFilters.normalized($0) }
    for candidate in pattern.hasPrefix("/") ? [pattern] : candidates {
      let found = files.keys.map { "/case/" + $0 }.filter {
        fnmatch(candidate, $0, FNM_PATHNAME) == 0
      }
      if !found.isEmpty { return found.sorted() }
    }
    return []
  }

  func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

  func pipe(_ command: String) throws(TemplateError) -> String {
    // Processes are the run's affair; the cases only echo.
    guard command.hasPrefix("printf '") else {
      throw TemplateError(.other, "`\(command)` ended with status 1")
    }
    return String(command.dropFirst(8).dropLast()).replacing("\\n", with: "\n")
  }

  func runSecret(_ name: String, byteCount: Int) -> [UInt8] {
    none.runSecret(name, byteCount: byteCount)
  }

  func hosts(matching pattern: String) throws(TemplateError) -> [String] { [] }

  func decrypt(_ vaultText: String) throws(TemplateError) -> String { try none.decrypt(vaultText) }
}
