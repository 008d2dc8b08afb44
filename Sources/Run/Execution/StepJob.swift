internal import Graphs
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Templates
internal import Values
internal import Variables

/// A step with all that it needs to run on its own: made by the executor, run in a child task.
struct StepJob: Sendable {
  let node: NodeID
  let instance: TaskInstance
  let host: String
  /// Hosts that share the result, for `run_once`.
  let sharers: [String]
  let scope: Scope
  /// Where the scope asks for facts of hosts that no play has come to.
  let requests: FactRequests
  var memory: HostMemory
  /// Coming tasks of this host, with their scopes, whose probes may travel along.
  let coming: [ComingTask]
  /// A notification that only may have happened: the handler is decided by that task.
  let deferredBy: String?
  /// Scopes of hosts that the task may be delegated to; nil for hosts that nobody defines.
  let scopeOfHost: @Sendable (String) -> Scope?
  /// What the task would see if it were another host's.
  var scopeOnHost: @Sendable (String) -> Scope? = { _ in nil }
  /// The target that a host's variables and the task's keywords lead to.
  let target: @Sendable (String, Keywords, Scope) throws(TemplateError) -> ConnectionTarget
  let become: @Sendable (Keywords, Scope) throws(TemplateError) -> Become?
}

/// A task ahead of the one at hand.
struct ComingTask: Sendable {
  let instance: TaskInstance
  /// Made when it is wanted: most steps find their answers in the cache and never look ahead.
  let scope: @Sendable () -> Scope
}

/// What a step leaves behind.
struct StepEnd: Sendable {
  let node: NodeID
  let instance: TaskInstance
  let host: String
  let sharers: [String]
  var report: StepReport
  var memory: HostMemory
  var registered: Value?
  /// With the host that they are for.
  var effects: [(host: String, effect: Effect)] = []
  var notifications: [Notification] = []
  /// What it touched on other hosts than its own.
  var touchedElsewhere: [(host: String, subjects: [Subject])] = []
  /// Whether it acted anywhere (or would): what others can change is known no more.
  var hasActed = false
  var includes: [IncludeRequest] = []
}

/// A handler's name that a step notified.
struct Notification: Sendable {
  var name: String
  /// The task that decides whether it was notified at all; nil where it was.
  var deferredBy: String?
}
