/// What can't work, or had better be otherwise.
package struct LayoutProblem: Hashable, Sendable {
  package enum Severity: String, Hashable, Sendable { case error, warning }

  package var severity: Severity
  /// Nil for what concerns all.
  package var host: String?
  /// What is said in the inventory.
  package var value: String
  /// Why that can't be.
  package var reason: String
  /// What to write instead.
  package var instead: String

  package init(
    _ severity: Severity = .error, on host: String?, _ value: String, because reason: String,
    instead: String
  ) {
    self.severity = severity
    self.host = host
    self.value = value
    self.reason = reason
    self.instead = instead
  }
}

extension LayoutProblem: CustomStringConvertible {
  package var description: String {
    "\(host.map { "\($0): " } ?? "")\(value): \(reason). \(instead)."
  }
}

extension Layout {
  /// All that is wrong, in the order of hosts; errors and warnings.
  package var problems: [LayoutProblem] {
    var problems = memberProblems + endpointProblems + virtualAddressProblems
    for host in hosts {
      problems += portProblems(of: host) + bindProblems(of: host) + firewallProblems(of: host)
      problems += answerProblems(of: host)
    }
    return problems + electionProblems
  }

  /// Whether nothing is wrong but what is a warning.
  package var isAccepted: Bool { problems.allSatisfy { $0.severity == .warning } }
}
