/// A read-only fragment of POSIX sh and what it is about: what travels to the host.
package struct Question: Hashable, Sendable {
  /// Runs in a subshell with standard input closed; must not change anything on the host.
  package var script: String
  package var subjects: [Subject]
  /// Set where the question is about one file, so that a plan can answer it from planned writes.
  package var file: FileQuestion?
  /// Set where the question is about one unit of systemd's.
  package var unit: UnitQuestion?
  /// Whether the answer is shown or registered as it is (`stat`, `find`, `slurp`, `creates`), rather
  /// than only compared with what shall be. An observed answer is unknown once a planned action
  /// touches its subject; a compared one isn't, where the planned action can't have made it right.
  package var isObserved: Bool

  package init(
    script: String, about subjects: [Subject], file: FileQuestion? = nil,
    unit: UnitQuestion? = nil, isObserved: Bool = false
  ) {
    self.script = script
    self.subjects = subjects
    self.file = file
    self.unit = unit
    self.isObserved = isObserved
  }
}

/// A question with the pure function that understands its answer.
package struct Query<Answer: Sendable>: Sendable {
  package var question: Question
  package var parse: @Sendable (CommandOutput) throws(HostError) -> Answer

  package init(
    _ script: String, about subjects: [Subject],
    parse: @escaping @Sendable (CommandOutput) throws(HostError) -> Answer
  ) {
    question = Question(script: script, about: subjects)
    self.parse = parse
  }

  package init(
    _ question: Question,
    parse: @escaping @Sendable (CommandOutput) throws(HostError) -> Answer
  ) {
    self.question = question
    self.parse = parse
  }
}
