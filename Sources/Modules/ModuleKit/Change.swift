package import Hosts
package import OrderedCollections
package import Values

/// What a module found that has to change; nothing to do where there are no actions.
package struct Change: Sendable {
  /// What the plan shows.
  package var differences: [Difference]
  /// What apply performs, in order; it stops at the first that fails.
  package var actions: [Action]
  /// Why: `package missing`, `line 12 differs`.
  package var reason: String
  /// What `register` gets, as far as it is known before acting.
  ///
  /// `changed`, `failed`, and (for `run` actions of command-like modules) `rc`, `stdout`… are
  /// added by the executor or by `finish`.
  package var result: OrderedDictionary<String, Value>
  /// Keys of the result that only acting tells; unknown in a plan.
  package var unknownResults: [String]
  /// The step fails with these words, and nothing is done.
  package var failure: String?
  /// What changes on the controller's side: facts, hosts, groups.
  package var effects: [Effect]
  /// Not there yet, in words: ask again until `Module.waiting` is over, then fail.
  package var waitsFor: String?
  /// What to say when it took too long; nil is `Timeout when waiting for` and the words above.
  package var timeoutFailure: String?
  /// Whether acting counts as `changed`; false for reads that need an action.
  package var counts: Bool
  /// Whether a plan performs nothing of it and can't tell more: `command`, `shell`, …
  package var isOpaque: Bool
  /// The host goes down by the actions, and must come back before the step is done.
  package var restart: Restart?
  /// Makes the final result out of the actions' outputs, or says why it failed after all.
  package var finish: @Sendable ([CommandOutput]) -> Completion

  package init(
    differences: [Difference] = [], actions: [Action] = [], reason: String = "",
    result: OrderedDictionary<String, Value> = [:], unknownResults: [String] = [],
    failure: String? = nil, effects: [Effect] = [], waitsFor: String? = nil,
    timeoutFailure: String? = nil, counts: Bool = true, isOpaque: Bool = false,
    finish: @escaping @Sendable ([CommandOutput]) -> Completion = { _ in Completion() }
  ) {
    self.differences = differences
    self.actions = actions
    self.reason = reason
    self.result = result
    self.unknownResults = unknownResults
    self.failure = failure
    self.effects = effects
    self.waitsFor = waitsFor
    self.timeoutFailure = timeoutFailure
    self.counts = counts
    self.isOpaque = isOpaque
    self.finish = finish
  }

  /// Nothing to do.
  package static func satisfied(_ result: OrderedDictionary<String, Value> = [:]) -> Change {
    Change(result: result)
  }

  /// It can't be done.
  package static func failed(
    _ message: String, result: OrderedDictionary<String, Value> = [:]
  ) -> Change {
    Change(result: result, failure: message)
  }

  package var isSatisfied: Bool { actions.isEmpty && failure == nil && waitsFor == nil }
}

/// What a step leaves behind on the controller.
package enum Effect: Hashable, Sendable {
  /// Variables of the host from here on: `set_fact`, `include_vars`.
  case variables(OrderedDictionary<String, Value>, isCacheable: Bool)
  /// Gathered facts, under `ansible_facts` and (as Ansible injects them) `ansible_…`.
  case facts(OrderedDictionary<String, Value>)
  case addHost(name: String, groups: [String], variables: OrderedDictionary<String, Value>)
  case groupBy(key: String, parents: [String])
  /// Writes a file on the controller, relative to its working folder: `fetch`.
  case saveFile(path: String, content: [UInt8])
  /// `meta: …`, by its name.
  case meta(String)
  /// Shows text to people: `debug`.
  case message(String)
}

/// What the actions' outputs add to a change.
package struct Completion: Sendable {
  package var result: OrderedDictionary<String, Value>
  /// Nil leaves it to whether actions ran.
  package var changed: Bool?
  package var failure: String?
  package var effects: [Effect]

  package init(
    result: OrderedDictionary<String, Value> = [:], changed: Bool? = nil, failure: String? = nil,
    effects: [Effect] = []
  ) {
    self.result = result
    self.changed = changed
    self.failure = failure
    self.effects = effects
  }
}
