/// What must be read of a host to decide: questions, and how their answers make a state.
///
/// A probe runs nothing. The executor chooses when its questions travel, and what travels with them.
package struct Probe<State: Sendable>: Sendable {
  /// What the answers lead to: the state, or further questions that depend on them.
  package enum Stage: Sendable {
    case state(State)
    indirect case ask(Probe<State>)
  }

  package var questions: [Question]
  /// Understands the answers, which stand in the questions' order.
  package var resolve: @Sendable ([CommandOutput]) throws(HostError) -> Stage

  package init(
    questions: [Question],
    resolve: @escaping @Sendable ([CommandOutput]) throws(HostError) -> Stage
  ) {
    self.questions = questions
    self.resolve = resolve
  }

  /// A probe that asks nothing.
  package init(_ state: State) {
    self.init(questions: []) { (_) throws(HostError) in .state(state) }
  }

  /// A probe of one query.
  package init(_ query: Query<State>) {
    self.init(questions: [query.question]) { (answers) throws(HostError) in
      .state(try query.parse(answers[0]))
    }
  }

  /// A probe of several queries of one kind, answered in their order.
  package init<Answer>(all queries: [Query<Answer>]) where State == [Answer] {
    self.init(questions: queries.map(\.question)) { (answers) throws(HostError) in
      var states: [Answer] = []
      for (query, answer) in zip(queries, answers) { states.append(try query.parse(answer)) }
      return .state(states)
    }
  }

  /// The same questions, with the state made into another.
  package func map<Other>(
    _ transform: @escaping @Sendable (State) throws(HostError) -> Other
  ) -> Probe<Other> {
    Probe<Other>(questions: questions) { (answers) throws(HostError) in
      switch try resolve(answers) {
      case .state(let state): .state(try transform(state))
      case .ask(let next): .ask(next.map(transform))
      }
    }
  }

  /// Further questions, chosen by the state so far: a second round trip.
  package func then<Other>(
    _ next: @escaping @Sendable (State) throws(HostError) -> Probe<Other>
  ) -> Probe<Other> {
    Probe<Other>(questions: questions) { (answers) throws(HostError) in
      switch try resolve(answers) {
      case .state(let state):
        let following = try next(state)
        // What needs no further answer costs no further round trip.
        return following.questions.isEmpty ? try following.resolve([]) : .ask(following)
      case .ask(let more): return .ask(more.then(next))
      }
    }
  }

  /// Both probes in one round trip a stage.
  package func and<Other>(_ other: Probe<Other>) -> Probe<(State, Other)> {
    let count = questions.count
    return Probe<(State, Other)>(questions: questions + other.questions) {
      (answers) throws(HostError) in
      let left = try resolve(Array(answers[..<count]))
      let right = try other.resolve(Array(answers[count...]))
      switch (left, right) {
      case (.state(let a), .state(let b)): return .state((a, b))
      case (.state(let a), .ask(let b)): return .ask(Probe(a).and(b))
      case (.ask(let a), .state(let b)): return .ask(a.and(Probe<Other>(b)))
      case (.ask(let a), .ask(let b)): return .ask(a.and(b))
      }
    }
  }
}
