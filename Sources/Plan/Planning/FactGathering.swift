internal import Diagnostics
internal import Playbooks
internal import Templates
internal import Values

/// Whether plays gather facts where they don't say so (`gathering` of ansible.cfg).
package struct FactGathering: Sendable {
  /// `implicit`: gather unless told not to; `explicit`: the other way round; `smart` gathers as
  /// `implicit`, but each host once a run.
  package var policy: String

  package init(policy: String = "implicit") { self.policy = policy }

  /// The gathering as a task; nil where the play has none.
  func task(for play: Play) -> TaskDefinition? {
    let wants = play.gathersFacts?.literalBool ?? (policy != "explicit")
    return wants ? Self.task(of: play) : nil
  }

  /// Whether a host that has gathered its facts needn't do so again.
  package func passesOver(_ instance: TaskInstance) -> Bool {
    policy == "smart" && instance.kind == .gatherFacts
  }

  /// The gathering that a play's hosts would have, whether it gathers or not.
  static func task(of play: Play) -> TaskDefinition {
    var keywords = Keywords()
    keywords.tags = ["always"]
    var entries: [Expression.Entry] = []
    if let subset = play.gatherSubset {
      entries = [
        Expression.Entry(
          key: .literal("gather_subset", play.range),
          value: .literal(.strings(subset), play.range))
      ]
    }
    var task = TaskDefinition(
      action: Located("ansible.builtin.setup", at: play.range),
      arguments: entries.isEmpty ? .none : .dict(entries), folder: play.folder, at: play.range)
    task.name = .literal("Gathering Facts", play.range)
    task.keywords = keywords
    return task
  }
}
