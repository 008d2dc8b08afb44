internal import Diagnostics

/// The extension keys `id:` and `needs:`.
extension PlaybookReading {
  /// Checks that each `needs:` names something there is, and that none waits for itself.
  func checkNeeds(of plays: [Play]) {
    check(
      plays.map { Need(id: $0.id, needs: $0.needs ?? [], range: $0.range) }, what: "play",
      where: "in this playbook")
    for play in plays {
      let roleTasks = play.roles.flatMap(\.tasks)
      let tasks = (play.preTasks + roleTasks + play.tasks + play.postTasks).flatMap(\.definitions)
      check(
        tasks.map { Need(id: $0.id, needs: $0.needs ?? [], range: $0.range) }, what: "task",
        where: "in this play")
    }
  }

  private struct Need {
    var id: String?
    var needs: [Located<String>]
    var range: SourceRange
  }

  private func check(_ all: [Need], what: String, where place: String) {
    var byName: [String: Need] = [:]
    for one in all {
      guard let id = one.id else { continue }
      if let other = byName[id] {
        report(
          "two \(what)s have the id `\(id)`", at: one.range, help: "ids are unique \(place)",
          notes: [Located("the other one", at: other.range)])
      }
      byName[id] = byName[id] ?? one
    }
    for one in all {
      for need in one.needs where byName[need.content] == nil {
        report(
          "no \(what) with the id `\(need.content)` \(place)", at: need.range,
          help: Suggestion.didYouMean(need.content, in: byName.keys.sorted())
            ?? "give the \(what) that is meant an `id:`")
      }
    }
    reportCycles(all, byName)
  }

  /// Follows `needs` depth first; each cycle is reported once, where it closes.
  private func reportCycles(_ all: [Need], _ byName: [String: Need]) {
    var done: Set<String> = []
    var way: [String] = []
    func follow(_ id: String) {
      if done.contains(id) { return }
      way.append(id)
      for need in byName[id]?.needs ?? [] {
        if let start = way.firstIndex(of: need.content) {
          let cycle = (way[start...] + [need.content]).joined(separator: " → ")
          report(
            "these need one another: \(cycle)", at: need.range, help: "take one `needs` out")
        } else {
          follow(need.content)
        }
      }
      way.removeLast()
      done.insert(id)
    }
    for one in all { if let id = one.id { follow(id) } }
  }
}

extension TaskNode {
  /// The tasks in it, in the order of writing.
  var definitions: [TaskDefinition] {
    switch self {
    case .task(let task): [task]
    case .block(let block):
      (block.tasks + block.rescue + block.always).flatMap(\.definitions)
    }
  }
}
