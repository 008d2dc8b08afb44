internal import Diagnostics
internal import Documents

/// Looks settings up in the environment, then in a file.
struct SettingsReader {
  let environment: [String: String]
  /// Nil where no file is found.
  let document: INIDocument?
  /// The folder of the file, to which its paths are relative.
  let folder: String
  private(set) var problems: [Diagnostic] = []
  /// Where what was found comes from, by the name of the first key asked for.
  private(set) var origins: [String: SettingOrigin] = [:]
  /// What was asked for: everything else in the file is unknown.
  private(set) var known: Set<String> = []
  private(set) var knownVariables: Set<String> = []

  init(environment: [String: String], document: INIDocument?, folder: String) {
    self.environment = environment
    self.document = document
    self.folder = folder
  }

  /// A setting's text, and where it stands.
  struct Found {
    var value: String
    var origin: SettingOrigin
  }

  /// The text of a setting; `keys` as `section.key`, the first of them that is there.
  mutating func text(_ variables: [String], _ keys: [String]) -> Found? {
    known.formUnion(keys)
    knownVariables.formUnion(variables)
    guard let found = find(variables, keys) else { return nil }
    if let name = Self.name(keys) { origins[name] = found.origin }
    return found
  }

  private func find(_ variables: [String], _ keys: [String]) -> Found? {
    for name in variables {
      if let text = environment[name] { return Found(value: text, origin: .environment(name)) }
    }
    for key in keys {
      let parts = key.split(separator: ".")
      if let found = document?.value(String(parts[0]), String(parts[1])) {
        return Found(value: found.content, origin: .file(found.range))
      }
    }
    return nil
  }

  private static func name(_ keys: [String]) -> String? {
    keys.first?.split(separator: ".").last.map(String.init)
  }

  mutating func read(_ setting: inout String?, _ variables: [String], _ keys: [String]) {
    guard let found = text(variables, keys), !found.value.isEmpty else { return }
    setting = found.value
  }

  /// One of several words.
  mutating func read(
    _ setting: inout String?, _ variables: [String], _ keys: [String], of words: [String]
  ) {
    guard let found = text(variables, keys) else { return }
    if words.contains(found.value) {
      setting = found.value
    } else {
      let list = words.joined(separator: ", ")
      let help = Suggestion.didYouMean(found.value, in: words)
      refuse(found, keys, "must be one of \(list)", help: help)
    }
  }

  mutating func read(_ setting: inout Bool?, _ variables: [String], _ keys: [String]) {
    guard let found = text(variables, keys) else { return }
    switch found.value.lowercased() {
    case "y", "yes", "on", "1", "true", "t", "1.0": setting = true
    case "n", "no", "off", "0", "false", "f", "0.0": setting = false
    default: refuse(found, keys, "must be a boolean", help: "write True or False")
    }
  }

  mutating func read(_ setting: inout Int?, _ variables: [String], _ keys: [String]) {
    guard let found = text(variables, keys) else { return }
    if let number = Int(found.value), number >= 0 {
      setting = number
    } else {
      refuse(found, keys, "must be a whole number", help: "write digits alone")
    }
  }

  /// Text that a shell would take for several words.
  mutating func readWords(_ setting: inout [String], _ variables: [String], _ keys: [String]) {
    guard let found = text(variables, keys) else { return }
    do throws(ShellWords.Problem) {
      setting += try ShellWords.split(found.value).map(\.text)
    } catch {
      refuse(found, keys, "has a quote that is never closed", help: "close it")
    }
  }

  // MARK: Paths

  mutating func readPath(_ setting: inout String?, _ variables: [String], _ keys: [String]) {
    guard let found = text(variables, keys), !found.value.isEmpty else { return }
    setting = path(found.value, found.origin)
  }

  mutating func readPaths(
    _ setting: inout [String], _ variables: [String], _ keys: [String], separator: Character
  ) {
    guard let found = text(variables, keys) else { return }
    let parts = found.value.split(separator: separator).map { String($0).trimmingBlanks }
    setting = parts.filter { !$0.isEmpty }.map { path($0, found.origin) }
  }

  /// A path with `~` and `$NAME` filled in; from a file, relative to its folder.
  func path(_ text: String, _ origin: SettingOrigin) -> String {
    let path = expandingVariables(text)
    if path.hasPrefix("/") { return path }
    if path == "~" || path.hasPrefix("~/"), let home = environment["HOME"] {
      return home + path.dropFirst()
    }
    guard case .file = origin, folder != "." else { return path }
    return folder + "/" + path
  }

  private func expandingVariables(_ text: String) -> String {
    var expanded = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      expanded += rest[..<dollar]
      rest = rest[dollar...].dropFirst()
      let isBraced = rest.hasPrefix("{")
      if isBraced { rest = rest.dropFirst() }
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      rest = rest[name.endIndex...]
      if isBraced, rest.hasPrefix("}") { rest = rest.dropFirst() }
      expanded += environment[String(name)] ?? "$" + (isBraced ? "{\(name)}" : name)
    }
    return expanded + rest
  }

  // MARK: Problems

  mutating func refuse(
    _ found: Found, _ keys: [String], _ message: String, help: String?
  ) {
    let name = Self.name(keys) ?? "setting"
    switch found.origin {
    case .file(let range):
      problems.append(Diagnostic(.error, "\(name) \(message)", at: range, help: help))
    default:
      problems.append(
        Diagnostic(.error, "\(found.origin): \(name) \(message), not `\(found.value)`", help: help))
    }
  }
}

extension String {
  /// Without blanks at both ends.
  fileprivate var trimmingBlanks: String {
    var text = drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
