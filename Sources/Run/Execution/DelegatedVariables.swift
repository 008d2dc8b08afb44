internal import Planning
internal import Playbooks
internal import Templates
internal import Values

/// `ansible_delegated_vars`: what a task sees of the host that `delegate_to` names, by its name.
struct DelegatedVariables: VariableSource {
  let delegateTo: Expression
  /// Where the name is evaluated: the scope of the task and of its loop.
  let scope: Scope
  let job: StepJob

  var names: [String] { delegate.map { [$0] } ?? [] }

  func variable(named name: String) -> Variable? {
    guard name == delegate, let other = job.scopeOnHost(name) else { return nil }
    // The task stays the first host's, whoever does it.
    var over: [String: Variable] = ["inventory_hostname": .value(.string(job.host))]
    if other.variables.variable(named: "ansible_host") == nil {
      over["ansible_host"] = .value(.string(name))
    }
    return .scope(OverlaidVariables(over, over: other.variables))
  }

  /// Nil where the expression fails, which the step itself tells.
  private var delegate: String? {
    (try? delegateTo.evaluateUnlessOmitted(in: scope))?.flatMap { $0.unmarked().description }
  }
}

extension StepRunner {
  /// The scope with the variables of the host that the task is delegated to.
  func delegating(_ scope: Scope) -> Scope {
    guard let delegateTo = definition.delegateTo else { return scope }
    let source = DelegatedVariables(delegateTo: delegateTo, scope: scope, job: job)
    return scope.adding(["ansible_delegated_vars": .scope(source)])
  }
}
