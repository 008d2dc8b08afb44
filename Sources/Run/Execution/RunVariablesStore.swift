package import Diagnostics
package import Hosts
package import OrderedCollections
package import Planning
package import Playbooks
package import Templates
package import Values
package import Variables

/// The variables of a run: what templates see, and what steps leave behind.
///
/// Changed by the walk alone; scopes are made and read by steps while it goes on, so an
/// implementation guards its state.
package protocol RunVariablesStore: AnyObject, Sendable {
  /// The scope of a task on a host.
  ///
  /// - Parameter requests: where facts of hosts that no play has come to are asked for; without it
  ///   they are undefined.
  func scope(
    for host: String, at instance: TaskInstance, in play: CompiledPlay, requests: FactRequests?
  ) -> Scope
  /// The scope of a host as others see it; nil for a host that nobody defines.
  func scope(ofHost host: String, requests: FactRequests?) -> Scope?
  /// The hosts of a play, whatever `--limit` says.
  func hosts(of play: Play) throws(Diagnostics) -> [String]
  /// Reads what a play would need on a host that isn't among its hosts.
  func prepare(_ host: String, for play: CompiledPlay) throws(Diagnostics)
  /// What came of asking a host for its facts that no play has come to.
  func settle(_ facts: FactsOnDemand.Answer, of host: String)
  /// `register`.
  func register(_ name: String, _ value: Value, for host: String)
  /// What `include_vars` read.
  func include(_ variables: OrderedDictionary<String, Value>, for host: String)
  /// Reads what a play needs before it starts, where its hosts were found out anew.
  func prepare(
    _ play: CompiledPlay, prompts: OrderedDictionary<String, Value>
  ) throws(Diagnostics)
  /// `set_fact`.
  func set(_ variables: OrderedDictionary<String, Value>, for host: String)
  /// Gathered facts.
  func addFacts(_ facts: OrderedDictionary<String, Value>, to host: String)
  func clearFacts(of host: String)
  /// `add_host`; the variables are merged into those it has.
  func addHost(_ name: String, groups: [String], variables: OrderedDictionary<String, Value>)
  /// `group_by`.
  func addHost(_ name: String, toGroup group: String, parents: [String])
  /// A play with these hosts has begun: their facts are from now on what plays gather.
  func begin(_ hosts: [String])
  /// Hosts still in a play: `ansible_play_hosts`, `play_hosts`.
  func setActiveHosts(_ hosts: [String], of play: CompiledPlay, batch: [String])
  /// `include_role` has brought a role into a play, whose later tasks see its variables if it is
  /// `public`.
  func add(_ role: Role, isPublic: Bool, to play: CompiledPlay)
  /// The target that a host's variables and a task's keywords lead to.
  func target(
    of host: String, keywords: Keywords, scope: Scope
  ) throws(TemplateError) -> ConnectionTarget
  /// Whom to act as; nil for the login user.
  func become(keywords: Keywords, scope: Scope) throws(TemplateError) -> Become?
}

extension RunVariablesStore {
  func scope(for host: String, at instance: TaskInstance, in play: CompiledPlay) -> Scope {
    scope(for: host, at: instance, in: play, requests: nil)
  }

  package func scope(ofHost host: String) -> Scope? { scope(ofHost: host, requests: nil) }
}
