package import Values

/// What stands behind a name in a scope.
package enum Variable: Sendable {
  case value(Value)
  /// Evaluated each time it is looked up, in the scope that it was looked up in.
  case expression(Expression)
  /// Names inside it are looked up in another scope: `hostvars`, and a host in it.
  case scope(any VariableSource)
  /// Undefined for a reason, which using it tells.
  case undefined(String)
}

/// The variables at hand: what a template looks names up in.
package protocol VariableSource: Sendable {
  /// What stands behind a name; nil where it is undefined.
  func variable(named name: String) -> Variable?
  /// Every name, for `vars`, `varnames` and suggestions.
  var names: [String] { get }
}

/// Variables laid over others, such as a loop's `item` over the host's.
package struct OverlaidVariables: VariableSource {
  package var over: [String: Variable]
  package var base: any VariableSource

  package init(_ over: [String: Variable], over base: any VariableSource) {
    self.over = over
    self.base = base
  }

  package func variable(named name: String) -> Variable? {
    over[name] ?? base.variable(named: name)
  }

  package var names: [String] { base.names + over.keys }
}
