internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

/// A role's folder and the files in it.
extension PlaybookReading {
  /// Where a role is: beside the playbook, in `roles_path`, beside the role that names it.
  func roleFolder(_ name: Located<String>, context: TaskContext) -> String? {
    let text = name.content
    var places = [FilePath.join(FilePath.join(context.playFolder, "roles"), text)]
    places += reader.rolesPath.map { FilePath.join($0, text) }
    if let role = context.role {
      places.append(FilePath.join(FilePath.folder(of: role.folder), text))
      places.append(FilePath.join(FilePath.join(role.folder, "roles"), text))
    } else if context.folder != context.playFolder {
      // A dependency's context stands in the folder of the role that names it.
      places.append(FilePath.join(FilePath.folder(of: context.folder), text))
    }
    places.append(FilePath.join(context.playFolder, text))
    places = places.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    if !text.isEmpty, let folder = places.first(where: files.isFolder) { return folder }
    let siblings = places.flatMap { files.names(in: FilePath.folder(of: $0)) }
    let suggestion = Suggestion.didYouMean(text, in: siblings).map { $0 + " " } ?? ""
    report(
      "no role `\(text)`", at: name.range,
      help: suggestion + "looked for \(places.joined(separator: ", "))")
    return nil
  }

  /// `meta/main.yml`; nil where there is none.
  func readMeta(_ folder: String) -> Mapping? {
    guard let path = mainFile(FilePath.join(folder, "meta"), "main"),
      let document = document(path)
    else { return nil }
    if case .literal(.null, _) = document { return nil }
    let help = "write `dependencies:` with a list under it"
    guard let mapping = mapping(document, "a role's meta", help: help) else { return nil }
    let known: Set<String> = [
      "dependencies", "allow_duplicates", "galaxy_info", "collections", "argument_specs",
      "standalone", "license", "description", "author",
    ]
    for entry in mapping.entries where !known.contains(entry.key) {
      report(
        "unknown key `\(entry.key)` of a role's meta", at: entry.keyRange,
        help: Suggestion.didYouMean(entry.key, in: known.sorted()))
    }
    return mapping
  }

  /// A role's variables and defaults.
  func readRole(
    _ use: Located<String>, _ folder: String, _ parts: RoleParts, meta: Mapping?,
    dependencies: [Role], identity: String
  ) -> Role {
    let allowed = (meta?["allow_duplicates"]).flatMap {
      boolean($0.value, "`allow_duplicates`")
    }
    return Role(
      name: use.content, folder: folder,
      defaults: readVariables(folder, "defaults", parts.defaults, at: use.range),
      variables: readVariables(folder, "vars", parts.variables, at: use.range),
      allowsDuplicates: allowed ?? false, dependencies: dependencies, identity: identity)
  }

  /// `vars/main.yml`, or all files of `vars/main/`.
  private func readVariables(
    _ folder: String, _ part: String, _ name: String, at range: SourceRange
  ) -> OrderedDictionary<String, Expression> {
    let base = FilePath.join(FilePath.join(folder, part), name)
    var paths: [String] = []
    if files.isFolder(base) {
      paths = variableFiles(in: base)
    } else if let path = mainFile(FilePath.join(folder, part), name) {
      paths = [path]
    } else if name != "main" {
      report(
        "no file `\(name)` among the \(part) of the role `\(FilePath.name(of: folder))`", at: range,
        help: "looked for \(base), \(base).yml, \(base).yaml, \(base).json")
    }
    var all: OrderedDictionary<String, Expression> = [:]
    for path in paths {
      guard let document = document(path) else { continue }
      all.merge(variables(document, "a file of variables", isFile: true)) { $1 }
    }
    return all
  }

  private func variableFiles(in folder: String) -> [String] {
    files.names(in: folder).filter { !$0.hasPrefix(".") && !$0.hasSuffix("~") }
      .flatMap { name -> [String] in
        let path = FilePath.join(folder, name)
        if files.isFolder(path) { return variableFiles(in: path) }
        let isVariables =
          !name.contains(".")
          || [".yml", ".yaml", ".json"].contains(where: { name.hasSuffix($0) })
        return isVariables ? [path] : []
      }
  }

  /// `main.yml`, `main.yaml`, `main.json` or `main`; the name itself where it has an ending.
  func mainFile(_ folder: String, _ name: String) -> String? {
    let base = FilePath.join(folder, name)
    return ["", ".yml", ".yaml", ".json"].map { base + $0 }.first(where: files.isFile)
  }

  /// The tasks or handlers of a role.
  func readPart(
    _ part: String, _ name: String, of role: Role, at range: SourceRange, context: TaskContext
  ) -> [TaskNode] {
    let folder = FilePath.join(role.folder, part)
    guard let path = mainFile(folder, name) else {
      if name != "main" {
        report(
          "no file `\(name)` among the \(part) of the role `\(role.name)`", at: range,
          help: "looked for \(FilePath.join(folder, name)).yml, .yaml and .json")
      }
      return []
    }
    guard let document = document(path) else { return [] }
    var inside = context
    inside.isHandler = part == "handlers"
    inside.folders = [folder]
    inside.chain.append(path)
    return readTasks(document, "the \(part) of a role", context: inside)
  }
}
