internal import Diagnostics
internal import Documents
internal import OrderedCollections
internal import Templates
internal import Values

internal import class FoundationEssentials.FileManager

/// `group_vars/` and `host_vars/` beside an inventory or a playbook.
struct VariableFolders {
  /// The folder in which they stand.
  var folder: String
  var origin: VariableSet.Origin
  var reader: YAMLReader

  /// Adds what the files say of the inventory's groups and hosts.
  ///
  /// Files for others are kept for those that a run adds; mistakes in them are warnings.
  func read(into inventory: inout Inventory) throws(Diagnostics) {
    let groupFiles = entries("group_vars")
    let hostFiles = entries("host_vars")
    prepare(groupFiles, in: "group_vars")
    prepare(hostFiles, in: "host_vars")
    for group in inventory.groups.keys {
      for path in files(group, in: "group_vars", among: groupFiles) {
        if let set = try variables(path) { try inventory.add(set, toGroup: group) }
      }
    }
    for name in subjects(of: groupFiles) where inventory.groups[name] == nil {
      let sets = reserve(files(name, in: "group_vars", among: groupFiles))
      inventory.reserved.groups[name, default: []] += sets
    }
    for host in inventory.hosts.keys {
      for path in files(host, in: "host_vars", among: hostFiles) {
        if let set = try variables(path) { inventory.add(set, toHost: host) }
      }
    }
    for name in subjects(of: hostFiles) where inventory.hosts[name] == nil {
      let sets = reserve(files(name, in: "host_vars", among: hostFiles))
      inventory.reserved.hosts[name, default: []] += sets
    }
  }

  /// Has the keys of vaulted files worked out side by side.
  private func prepare(_ names: Set<String>, in kind: String) {
    if reader.passwords.isEmpty { return }
    reader.passwords.prepare(
      forFiles: subjects(of: names).flatMap { files($0, in: kind, among: names) })
  }

  /// The groups or hosts that files are for, by the files' names.
  private func subjects(of files: Set<String>) -> [String] {
    let names = files.filter { !$0.hasPrefix(".") && !$0.hasSuffix("~") }.map { file in
      let suffix = suffix(of: file)
      return Self.suffixes.contains(suffix) ? String(file.dropLast(suffix.count)) : file
    }
    return Set(names).sorted(by: bytewise)
  }

  private func reserve(_ paths: [String]) -> [VariableSet] {
    var sets: [VariableSet] = []
    for path in paths {
      do throws(Diagnostics) {
        if let set = try variables(path) { sets.append(set) }
      } catch {
        for var diagnostic in error.all {
          diagnostic.severity = .warning
          reader.warn(diagnostic)
        }
      }
    }
    return sets
  }

  /// The names in one of the two folders.
  private func entries(_ name: String) -> Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + name)) ?? [])
  }

  /// The files for a name: the first that is there of `NAME`, `NAME.yml`, `.yaml`, `.json`.
  private func files(_ name: String, in kind: String, among names: Set<String>) -> [String] {
    if names.isEmpty { return [] }
    for suffix in Self.suffixes where names.contains(name + suffix) {
      let path = "\(folder)/\(kind)/\(name)\(suffix)"
      return isFolder(path) ? filesBelow(path) : [path]
    }
    return []
  }

  private static let suffixes = ["", ".yml", ".yaml", ".json"]

  /// All variable files in a folder and those in it, in the order of their names.
  private func filesBelow(_ path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var files: [String] = []
    for name in names.sorted(by: bytewise) where !name.hasPrefix(".") && !name.hasSuffix("~") {
      let inner = path + "/" + name
      if isFolder(inner) {
        files += filesBelow(inner)
      } else if Self.suffixes.contains(suffix(of: name)) {
        files.append(inner)
      }
    }
    return files
  }

  private func variables(_ path: String) throws(Diagnostics) -> VariableSet? {
    let document = try reader.read(path)
    var variables: OrderedDictionary<String, Expression> = [:]
    switch document {
    case .literal(.null, _): return nil
    case .dict(let entries, _):
      for entry in entries {
        guard let name = entry.key.text else {
          throw Diagnostics(
            Diagnostic(
              .error, "a variable's name must be text", at: entry.key.range,
              help: "put it in quotes"))
        }
        variables[name] = entry.value
      }
    default:
      throw Diagnostics(
        Diagnostic(
          .error, "a file of variables must hold a dictionary", at: document.range,
          help: "write `name: value` lines"))
    }
    let start = SourceRange(file: document.range.file, line: 1, column: 1)
    return VariableSet(variables, origin: origin, at: start)
  }

  private func isFolder(_ path: String) -> Bool {
    var isDirectory = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
  }
}

/// `.yml` of `a.yml`; empty where there is none.
func suffix(of name: String) -> String {
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
  return String(name[dot...])
}

/// The order of the bytes of names, as Python sorts them.
func bytewise(_ left: String, _ right: String) -> Bool {
  // Swift orders ASCII by its bytes, and fast.
  if left.utf8.allSatisfy({ $0 < 128 }), right.utf8.allSatisfy({ $0 < 128 }) {
    return left < right
  }
  return left.utf8.lexicographicallyPrecedes(right.utf8)
}
