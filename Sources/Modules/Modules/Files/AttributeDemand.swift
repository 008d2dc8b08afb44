internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// The owner, group and mode that a task asks for.
struct AttributeDemand: Hashable, Sendable {
  var owner: String?
  var group: String?
  var mode: FileMode?

  init(owner: String? = nil, group: String? = nil, mode: FileMode? = nil) {
    self.owner = owner
    self.group = group
    self.mode = mode
  }

  init(_ arguments: Arguments) throws(ArgumentError) {
    owner = try arguments.string("owner")
    group = try arguments.string("group")
    mode = try FileMode(arguments)
  }

  /// What has to be set on a file that there is; empty where all is as asked for.
  ///
  /// - Parameter source: The mode of the file that it is copied from, for `preserve`.
  func missing(from status: FileStatus, source: UInt16? = nil) -> FileAttributes {
    var attributes = FileAttributes()
    if let owner, !Self.matches(owner, name: status.user, id: status.userID) {
      attributes.owner = owner
    }
    if let group, !Self.matches(group, name: status.group, id: status.groupID) {
      attributes.group = group
    }
    let bits = mode?.bits(over: status.mode, isFolder: status.kind == .directory, source: source)
    if let bits, bits != status.mode { attributes.mode = bits }
    return attributes
  }

  /// What a new file or folder gets.
  func initial(isFolder: Bool = false, source: UInt16? = nil) -> FileAttributes {
    let usual = isFolder ? FileMode.newFolder : FileMode.newFile
    return FileAttributes(
      owner: owner, group: group,
      mode: mode?.bits(over: usual, isFolder: isFolder, source: source))
  }

  /// What a file shall have after it is written anew; nil stays as it is.
  func all(over status: FileStatus, source: UInt16? = nil) -> FileAttributes {
    guard status.kind == .file else { return initial(source: source) }
    return FileAttributes(
      owner: owner, group: group,
      mode: mode?.bits(over: status.mode, isFolder: false, source: source))
  }

  /// A number is an id, anything else a name, as `chown` reads it.
  private static func matches(_ wanted: String, name: String, id: Int) -> Bool {
    Int(wanted).map { $0 == id } ?? (wanted == name)
  }

  /// One line for each attribute that changes.
  static func differences(from status: FileStatus, to wanted: FileAttributes) -> [Difference] {
    var differences: [Difference] = []
    func add(_ label: String, _ before: String, _ after: String) {
      let shown = status.exists ? before : "(absent)"
      if shown != after {
        differences.append(Difference(label, .attribute(before: shown, after: after)))
      }
    }
    if let owner = wanted.owner {
      add("owner", Int(owner) == nil ? status.user : String(status.userID), owner)
    }
    if let group = wanted.group {
      add("group", Int(group) == nil ? status.group : String(status.groupID), group)
    }
    if let mode = wanted.mode { add("mode", FileMode.octal(status.mode), FileMode.octal(mode)) }
    return differences
  }

  /// `owner, mode`, for a reason.
  static func names(_ attributes: FileAttributes) -> String {
    var names: [String] = []
    if attributes.owner != nil { names.append("owner") }
    if attributes.group != nil { names.append("group") }
    if attributes.mode != nil { names.append("mode") }
    return names.joined(separator: ", ")
  }
}

extension FileStatus {
  /// The keys that modules register about a file, after `attributes` are set on it.
  func result(
    with attributes: FileAttributes = FileAttributes()
  ) -> OrderedDictionary<String, Value> {
    guard exists else {
      var result: OrderedDictionary<String, Value> = [:]
      if let owner = attributes.owner {
        result[Int(owner) == nil ? "owner" : "uid"] = .string(owner)
      }
      if let group = attributes.group {
        result[Int(group) == nil ? "group" : "gid"] = .string(group)
      }
      if let mode = attributes.mode { result["mode"] = .string(FileMode.octal(mode)) }
      return result
    }
    var result: OrderedDictionary<String, Value> = [
      "mode": .string(FileMode.octal(attributes.mode ?? mode)), "size": .int(size),
    ]
    if attributes.owner == nil {
      result["uid"] = .int(userID)
      result["owner"] = .string(user)
    } else if let owner = attributes.owner {
      result["owner"] = .string(owner)
    }
    if attributes.group == nil {
      result["gid"] = .int(groupID)
      result["group"] = .string(group)
    } else if let group = attributes.group {
      result["group"] = .string(group)
    }
    return result
  }
}
