/// A playbook with everything that can be known before the run read in: imported playbooks,
/// roles with their dependencies, imported tasks. What is *included* is read when it is reached.
package struct Playbook: Sendable {
  package var path: String
  package var plays: [Play]

  package init(path: String, plays: [Play]) {
    self.path = path
    self.plays = plays
  }
}
