/// A host that goes down and must come back after a change's actions: `reboot`.
package struct Restart: Hashable, Sendable {
  /// What the host is asked to tell one boot from another.
  package var bootScript: String
  /// What it said before.
  package var before: String
  /// How long it may take to come back.
  package var timeout: Duration
  /// Before the first look, and again once it's back.
  package var delay: Duration
  /// Succeeds on a host that is ready.
  package var readyScript: String

  package init(
    bootScript: String, before: String, timeout: Duration, delay: Duration, readyScript: String
  ) {
    self.bootScript = bootScript
    self.before = before
    self.timeout = timeout
    self.delay = delay
    self.readyScript = readyScript
  }
}
