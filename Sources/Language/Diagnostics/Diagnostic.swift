/// How much a diagnostic weighs.
package enum Severity: String, Sendable {
  /// Nothing is changed on any host.
  case error
  /// The run goes on.
  case warning
}

/// Something to tell people about what they wrote: what is wrong, where, and what to do.
package struct Diagnostic: Error, Sendable {
  package var severity: Severity
  package var message: String
  /// Nil only where no text is at fault, such as an unreadable folder.
  package var range: SourceRange?
  /// What to write instead, or where to look; one sentence.
  package var help: String?
  /// Further places that explain the first, such as the chain of includes.
  package var notes: [Located<String>]

  package init(
    _ severity: Severity = .error, _ message: String, at range: SourceRange? = nil,
    help: String? = nil, notes: [Located<String>] = []
  ) {
    self.severity = severity
    self.message = message
    self.range = range
    self.help = help
    self.notes = notes
  }
}

/// One or more diagnostics that stop the work at hand.
package struct Diagnostics: Error, Sendable {
  package var all: [Diagnostic]

  package init(_ all: [Diagnostic]) { self.all = all }
  package init(_ one: Diagnostic) { all = [one] }
}
