/// One thing that was checked, and how it stands.
package struct Finding: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    case well, warning, wrong
  }

  /// What was checked: `one holder`.
  package var check: String
  /// Nil for what concerns the cluster.
  package var host: String?
  package var state: State
  /// What was seen.
  package var detail: String
  /// What mends it.
  package var remedy: Remedy?

  package init(
    _ check: String, on host: String? = nil, _ state: State, _ detail: String,
    remedy: Remedy? = nil
  ) {
    self.check = check
    self.host = host
    self.state = state
    self.detail = detail
    self.remedy = remedy
  }

  /// What to run: a part of the playbook, or a command on the host.
  package enum Remedy: Hashable, Sendable {
    /// The play that mends it, by its tags, and its task.
    case play(tags: String, task: String)
    /// Another playbook of ours.
    case playbook(String)
    /// What to look at by hand.
    case look(String)
  }
}
