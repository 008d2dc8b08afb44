/// `--tags` and `--skip-tags`, with Ansible's words `all`, `always`, `never`, `tagged`, `untagged`.
package struct TagSelection: Sendable {
  package var only: [String]
  package var skipped: [String]

  package init(only: [String] = [], skipped: [String] = []) {
    self.only = only.isEmpty ? ["all"] : only
    self.skipped = skipped
  }

  /// Whether a task with these tags runs.
  package func includes(_ tags: [String]) -> Bool {
    let own = Set(tags)
    let isTagged = !own.isEmpty
    var isChosen = only.contains { $0 == "all" ? !own.contains("never") : own.contains($0) }
    if !isChosen, own.contains("always") { isChosen = true }
    if !isChosen, only.contains("tagged"), isTagged, !own.contains("never") { isChosen = true }
    if !isChosen, only.contains("untagged"), !isTagged { isChosen = true }
    guard isChosen else { return false }
    if skipped.contains(where: own.contains) { return false }
    if skipped.contains("all"), !own.contains("always") || skipped.contains("always") {
      return false
    }
    if skipped.contains("tagged"), isTagged { return false }
    if skipped.contains("untagged"), !isTagged { return false }
    return true
  }
}
