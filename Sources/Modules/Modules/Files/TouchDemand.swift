internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `state: touch`: a file that is there, and its times.
struct TouchDemand: Hashable, Sendable {
  /// `now`, `preserve`, or digits as `touch -t` takes them.
  private let modified: String
  private let accessed: String

  init(_ arguments: Arguments) throws(ArgumentError) {
    modified = try Self.time(arguments, "modification_time")
    accessed = try Self.time(arguments, "access_time")
  }

  private static func time(
    _ arguments: Arguments, _ name: String
  ) throws(ArgumentError) -> String {
    guard let text = try arguments.string(name), !text.isEmpty else { return "now" }
    let isDate =
      text.count == 15 && text.allSatisfy { ("0"..."9").contains($0) || $0 == "." }
    if text == "now" || text == "preserve" || isDate { return text }
    throw arguments.mismatch(name, "`now`, `preserve` or a time such as 202512312359.59")
  }

  func change(_ path: String, _ status: FileStatus, _ attributes: AttributeDemand) -> Change {
    var change: Change
    if status.exists {
      change = .setting(attributes.missing(from: status), on: path, status)
    } else {
      change = WholeFile(path: path, content: .bytes([]), attributes: attributes)
        .change(from: status)
    }
    let set = commands(path, exists: status.exists)
    if !set.isEmpty {
      let action = Action(
        .run(Command(set.joined(separator: " && "), isContained: true)), touches: [.path(path)],
        summary: "touch \(path)")
      change.actions.append(action)
      if change.reason.isEmpty { change.reason = "times are set" }
    }
    change.result["dest"] = .string(path)
    change.result["state"] = .string(status.exists ? FileState.name(status) : "file")
    return change
  }

  /// A new file has the times of now already.
  private func commands(_ path: String, exists: Bool) -> [String] {
    let word = Shell.quote(path)
    var commands: [String] = []
    for (option, time) in [("-m", modified), ("-a", accessed)] {
      switch time {
      case "preserve": break
      case "now": if exists { commands.append("touch -c \(option) -- \(word)") }
      default: commands.append("touch -c \(option) -t \(Shell.quote(time)) -- \(word)")
      }
    }
    return commands
  }
}
