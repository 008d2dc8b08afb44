internal import Diagnostics
internal import Templates
internal import Values

/// The plays, tasks and tags of a playbook, as `--list-tasks` and `--list-tags` show them.
package struct PlaybookListing: Sendable {
  /// A play, with its tasks, those of `never` among them.
  package struct PlayEntry: Sendable {
    package var name: String
    package var hosts: String
    package var tags: [String]
    package var tasks: [TaskEntry]
  }

  /// A task; its name with the role's in front.
  package struct TaskEntry: Sendable {
    package var name: String
    package var tags: [String]
  }

  package var plays: [PlayEntry]

  package init(_ playbook: Playbook) { plays = playbook.plays.map(Self.entry) }

  /// As `ansible-playbook --list-tasks --list-tags` prints it.
  package func description(of path: String) -> String {
    var text = "\nplaybook: \(path)\n"
    for (index, play) in plays.enumerated() {
      text += "\n  play #\(index + 1) (\(play.hosts)): \(play.name)"
      text += "\tTAGS: [\(play.tags.joined(separator: ","))]\n    tasks:\n"
      for task in play.tasks {
        text += "      \(task.name)\tTAGS: [\(task.tags.joined(separator: ", "))]\n"
      }
      let tags = Set(play.tags + play.tasks.flatMap(\.tags)).sorted().joined(separator: ", ")
      text += "      TASK TAGS: [\(tags)]\n"
    }
    return text
  }

  private static func entry(_ play: Play) -> PlayEntry {
    var tasks: [TaskEntry] = []
    let outer = play.keywords.tags
    func add(_ nodes: [TaskNode], _ tags: [String]) {
      for node in nodes {
        switch node {
        case .task(let task):
          let all = Set(tags + task.keywords.tags)
          tasks.append(TaskEntry(name: task.title, tags: all.sorted()))
        case .block(let block):
          // What is for failures and ends isn't listed; Ansible doesn't, either.
          add(block.tasks, tags + block.keywords.tags)
        }
      }
    }
    add(play.preTasks, outer)
    for use in play.roles { add(use.tasks, outer + use.keywords.tags) }
    add(play.tasks + play.postTasks, outer)
    let hosts = play.hosts.listedText
    return PlayEntry(
      name: play.name ?? hosts, hosts: hosts, tags: outer.sorted(), tasks: tasks)
  }
}

extension TaskDefinition {
  /// What people call it: its name, after the role's; or its action.
  package var title: String {
    guard let own = name?.listedText else { return action.content }
    return role.map { "\($0.name) : \(own)" } ?? own
  }
}

extension Expression {
  /// As written, lists with commas.
  fileprivate var listedText: String {
    switch self {
    case .template(let template): template.text
    case .list(let items, _): items.map(\.listedText).joined(separator: ",")
    case .literal(let value, _): value.description
    case .dict: ""
    }
  }
}
