package import Hosts

/// What can be done to a host: look, decide, and say what to change.
///
/// A module is made from a task's arguments, holds no host, and runs nothing itself. The executor
/// sends its probe, hands the state to `diff`, and (in an apply) performs the actions.
package protocol Module: Sendable {
  associatedtype State: Sendable

  /// Its name, arguments and words for the generated manual.
  static var documentation: ModuleDocumentation { get }

  /// Checks the arguments; everything that can be refused is refused here, before any change.
  init(_ arguments: Arguments) throws(ArgumentError)

  /// What must be read of the host to decide.
  var probe: Probe<State> { get }

  /// What has to change, and the actions that change it. Pure: no host, not async.
  func diff(from current: State) -> Change

  /// How long and how often to ask again while `diff` says that it still waits; nil asks once.
  var waiting: Waiting? { get }

  /// Whether a host that can't be reached is what it waits for.
  var waitsForConnection: Bool { get }
}

extension Module {
  package static var name: String { documentation.name }
  package var waiting: Waiting? { nil }
  package var waitsForConnection: Bool { false }
}

/// How a module waits for a state that others bring about.
package struct Waiting: Hashable, Sendable {
  package var timeout: Duration
  package var interval: Duration
  /// Before the first look.
  package var delay: Duration

  package init(timeout: Duration, interval: Duration = .seconds(1), delay: Duration = .zero) {
    self.timeout = timeout
    self.interval = interval
    self.delay = delay
  }
}
