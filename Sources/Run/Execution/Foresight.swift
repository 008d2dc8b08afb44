internal import Cryptography
internal import Hosts
internal import Values

/// A plan's view of a host: what it is, with what earlier steps would do laid over it.
struct Foresight: Sendable {
  /// What a planned run makes of a question.
  enum View: Sendable {
    /// Ask the host.
    case ask
    /// The planned write tells.
    case known(CommandOutput)
    /// Only the run can tell: decided after this task.
    case unknown(Unknown)
  }

  private struct Touch {
    var subject: Subject
    var origin: String
  }

  private var touches: [Touch] = []
  private var files: [String: FileStatus] = [:]

  /// Whether any planned change touches what a question is about, and which was the last.
  func origin(touching subjects: [Subject]) -> String? {
    // What touches the very subject says more than what may touch anything of its kind.
    (touches.last { subjects.contains($0.subject) }
      ?? touches.last { touch in subjects.contains { touch.subject.covers($0) } })?.origin
  }

  func view(of question: Question) -> View {
    if let file = question.file, let planned = planned(file) {
      return .known(planned.answer(to: file))
    }
    if question.isObserved, let origin = origin(touching: question.subjects) {
      return .unknown(Unknown(origin: origin))
    }
    return .ask
  }

  /// Lays planned actions over the host.
  mutating func plan(_ actions: [Action], by origin: String) {
    for action in actions {
      for subject in action.touches { touches.append(Touch(subject: subject, origin: origin)) }
      switch action.operation {
      case .write(let write): files[write.path] = Self.status(after: write, was: files[write.path])
      case .remove(let path):
        files = files.filter { $0.key != path && !$0.key.hasPrefix(path + "/") }
        files[path] = FileStatus(kind: .absent)
      case .makeFolder(let path, let attributes):
        var status = FileStatus(kind: .directory)
        Self.apply(attributes, to: &status, fallback: 0o755)
        files[path] = status
      case .makeLink(let path, let target, true):
        var status = FileStatus(kind: .link)
        status.mode = 0o777
        status.linkTarget = target
        files[path] = status
      case .setAttributes(let path, let attributes, _):
        if var status = files[path] {
          Self.apply(attributes, to: &status, fallback: status.mode)
          files[path] = status
        }
      case .makeLink, .run, .download: break
      }
    }
  }

  private func planned(_ file: FileQuestion) -> FileStatus? {
    guard let status = files[file.path] else { return nil }
    if status.kind == .link, file.followsLinks { return nil }
    // The content of a controller's file isn't read into the plan.
    if file.contentLimit > 0, status.kind == .file, status.content == nil,
      status.size <= file.contentLimit
    {
      return nil
    }
    return status
  }

  private static func status(after write: FileWrite, was: FileStatus?) -> FileStatus {
    var status = FileStatus(kind: .file)
    switch write.content {
    case .bytes(let bytes):
      status.size = bytes.count
      status.content = bytes
      status.sha256 = SHA256.hex(bytes)
    case .controllerFile(_, let size): status.size = size
    }
    status.user = was?.user ?? "root"
    status.group = was?.group ?? "root"
    apply(write.attributes, to: &status, fallback: was?.mode ?? 0o644)
    return status
  }

  private static func apply(
    _ attributes: FileAttributes, to status: inout FileStatus, fallback: UInt16
  ) {
    status.mode = attributes.mode ?? fallback
    if let owner = attributes.owner {
      status.user = owner
      if let number = Int(owner) { status.userID = number }
    } else if status.user.isEmpty {
      status.user = "root"
    }
    if let group = attributes.group {
      status.group = group
      if let number = Int(group) { status.groupID = number }
    } else if status.group.isEmpty {
      status.group = "root"
    }
  }
}
