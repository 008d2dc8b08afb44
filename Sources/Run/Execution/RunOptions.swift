/// How a run goes about its work.
package struct RunOptions: Sendable {
  package var mode: RunMode
  /// Hosts that are worked on at the same time.
  package var forks = 50
  /// `--check`'s and `--diff`'s meaning for `ansible_check_mode` and `ansible_diff_mode`.
  package var showsDifferences = true
  /// Texts of `--limit`, `--tags`, `--skip-tags`, for the variables that tell of them.
  package var limit: String?
  package var tags: [String] = ["all"]
  package var skippedTags: [String] = []
  package var verbosity = 0
  /// How many coming steps are looked at ahead of their turn.
  package var lookAhead = 200
  /// Ends a command that takes longer; nil lets it take its time.
  package var commandTimeout: Duration?

  package init(mode: RunMode) { self.mode = mode }
}
