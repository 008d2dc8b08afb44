package import Diagnostics

/// Why a template can't be parsed or evaluated.
package struct TemplateError: Error, Sendable {
  package enum Kind: Hashable, Sendable {
    case syntax
    case undefined
    case type
    /// What a sandbox refuses.
    case security
    case limit
    /// The result is Ansible's `omit`; whoever evaluates leaves the argument out.
    case omitted
    /// `mandatory`, `undef()`, a lookup's failure, division by zero, …
    case other
  }

  package var kind: Kind
  package var message: String
  package var range: SourceRange?
  /// The line that Jinja2 names, counted from 1: where the statement begins that failed.
  package var line: Int?
  package var help: String?
  package var notes: [Located<String>]

  package init(
    _ kind: Kind, _ message: String, at range: SourceRange? = nil, help: String? = nil,
    notes: [Located<String>] = []
  ) {
    self.kind = kind
    self.message = message
    self.range = range
    self.help = help
    self.notes = notes
  }

  package var diagnostic: Diagnostic {
    Diagnostic(.error, message, at: range, help: help, notes: notes)
  }
}

extension TemplateError {
  /// What kind of mistake this is, in the words of `orchestrate template --batch`.
  package var plainKind: String {
    switch kind {
    case .syntax: "syntax"
    case .undefined: "undefined"
    case .type: "type"
    case .security: "security"
    case .limit, .omitted, .other: "runtime"
    }
  }
}
