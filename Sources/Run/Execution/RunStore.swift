internal import Diagnostics
package import Documents
package import Hosts
package import Inventories
package import OrderedCollections
package import Planning
package import Playbooks
internal import Synchronization
package import Templates
package import Values
package import Variables

/// The variables of a run over an inventory.
package final class RunStore: RunVariablesStore {
  struct State {
    var hosts: HostVariables
    var run = RunVariables()
    var plays: [Int: PlayContext] = [:]
    /// What `vars_files` brought, by play and host.
    var files: [Int: [String: [VariableLayer]]] = [:]
    var prompts: [Int: VariableLayer] = [:]
  }

  let state: Mutex<State>
  private let defaults: ConnectionDefaults
  let context: RunContext
  private let secrets: RunSecrets
  /// All hosts and tasks render the same files.
  private let templates = TemplateCache()
  let redactor: Redactor
  let reader: YAMLReader

  package init(
    _ inventory: Inventory, context: RunContext, defaults: ConnectionDefaults,
    reader: YAMLReader, redactor: Redactor, secrets: RunSecrets = RunSecrets()
  ) {
    self.context = context
    self.defaults = defaults
    self.reader = reader
    self.redactor = redactor
    self.secrets = secrets
    state = Mutex(State(hosts: HostVariables(inventory, context)))
    let sets =
      inventory.hosts.values.flatMap(\.variables) + inventory.groups.values.flatMap(\.variables)
    redactor.learn(from: sets.lazy.flatMap(\.variables.values))
  }

  /// The inventory as it is by now.
  package var inventory: Inventory { state.withLock { $0.hosts.inventory } }

  package func scope(
    for host: String, at instance: TaskInstance, in play: CompiledPlay, requests: FactRequests?
  ) -> Scope {
    let scope = state.withLock { state in
      let context = Self.context(of: play, &state)
      var layers = state.files[play.index]?[host] ?? []
      if let prompts = state.prompts[play.index] { layers.append(prompts) }
      layers += instance.layers.levels(at: instance.definition.range)
      return state.hosts.scope(
        for: host, play: context, role: instance.role, run: state.run, extra: layers,
        requests: requests)
    }
    let resources = resources(instance.fileSearch)
    let place = magic(of: instance).merging(instance.layers.bound) { $1 }
    return Scope(scope, resources: resources).adding(place)
  }

  package func scope(ofHost host: String, requests: FactRequests?) -> Scope? {
    let scope = state.withLock { state -> HostScope? in
      let isKnown = state.hosts.inventory.hosts[host] != nil || HostPattern.isLocalhost(host)
      return isKnown ? state.hosts.scope(for: host, run: state.run, requests: requests) : nil
    }
    return scope.map { Scope($0, resources: resources(playbookSearch)) }
  }

  /// The scope of a play as a whole: what its `hosts:` and `serial:` may use.
  package func scope(ofPlay play: Play) -> Scope {
    let scope = state.withLock { state in
      let context = PlayContext(play, hosts: [])
      return state.hosts.scope(for: "localhost", play: context, run: state.run)
    }
    return Scope(scope, resources: resources(playbookSearch))
  }

  static func context(of play: CompiledPlay, _ state: inout State) -> PlayContext {
    if let known = state.plays[play.index] { return known }
    let context = PlayContext(play.play, hosts: play.hosts)
    state.plays[play.index] = context
    return context
  }

  var playbookSearch: FileSearch {
    FileSearch(roles: [], taskFolder: context.playbookFolder, playFolder: context.playbookFolder)
  }

  func resources(_ search: FileSearch) -> RunResources {
    RunResources(
      search: search, secrets: secrets, passwords: reader.passwords,
      mayWrite: !context.isCheckMode, templates: templates, settings: context.settings
    ) {
      [weak self] (pattern) throws(TemplateError) in
      guard let self else { return [] }
      let inventory = self.inventory
      do throws(Diagnostics) {
        let parsed = try HostPattern(pattern, at: .synthesized("pattern"))
        return Array(parsed.hosts(in: inventory, GroupTree(inventory)).hosts)
      } catch {
        throw TemplateError(.other, error.all.first?.message ?? "bad pattern `\(pattern)`")
      }
    }
  }

  // MARK: What steps leave behind

  package func register(_ name: String, _ value: Value, for host: String) {
    state.withLock { $0.run.register(value, as: name, on: host) }
  }

  package func set(_ variables: OrderedDictionary<String, Value>, for host: String) {
    state.withLock { $0.run.set(variables, on: host) }
  }

  package func include(_ variables: OrderedDictionary<String, Value>, for host: String) {
    let range = SourceRange.synthesized("include_vars")
    let written = variables.mapValues { Expression.literal($0, range) }
    state.withLock { $0.run.include(written, on: host) }
  }

  package func addFacts(_ facts: OrderedDictionary<String, Value>, to host: String) {
    state.withLock { $0.run.addFacts(facts, on: host) }
  }

  package func clearFacts(of host: String) {
    state.withLock { $0.run.clearFacts(of: host) }
  }

  package func addHost(
    _ name: String, groups: [String], variables: OrderedDictionary<String, Value>
  ) {
    changeInventory { inventory in
      let range = SourceRange.synthesized("add_host")
      inventory.addHost(name, to: "all", at: range)
      for group in groups {
        inventory.addGroup(group, at: range)
        inventory.addHost(name, to: group, at: range)
      }
      let written = variables.mapValues { Expression.literal($0, range) }
      inventory.add(VariableSet(written, at: range), toHost: name)
    }
  }

  package func addHost(_ name: String, toGroup group: String, parents: [String]) {
    changeInventory { inventory in
      let range = SourceRange.synthesized("group_by")
      inventory.addGroup(group, at: range)
      inventory.addHost(name, to: group, at: range)
      for parent in parents {
        inventory.addGroup(parent, at: range)
        // A loop among groups is refused by the inventory; the group is just no child then.
        try? inventory.addChild(group, to: parent, at: range)
      }
    }
  }

  private func changeInventory(_ change: (inout Inventory) -> Void) {
    state.withLock { state in
      var inventory = state.hosts.inventory
      change(&inventory)
      inventory.complete()
      state.hosts = HostVariables(inventory, context, onDemand: state.hosts.onDemand)
    }
  }

  package func begin(_ hosts: [String]) { state.withLock { $0.run.target(hosts) } }

  package func setActiveHosts(_ hosts: [String], of play: CompiledPlay, batch: [String]) {
    state.withLock { state in
      var context = Self.context(of: play, &state)
      context.hosts = hosts
      context.setBatch(batch)
      state.plays[play.index] = context
    }
  }

  package func add(_ role: Role, isPublic: Bool, to play: CompiledPlay) {
    state.withLock { state in
      var context = Self.context(of: play, &state)
      if isPublic { context.add(role) }
      if !context.includedRoles.contains(role.name) { context.includedRoles.append(role.name) }
      state.plays[play.index] = context
    }
  }

  package func target(
    of host: String, keywords: Keywords, scope: Scope
  ) throws(TemplateError) -> ConnectionTarget {
    let target = try defaults.target(of: host, keywords: keywords, scope: scope)
    if let password = target.password { redactor.learn(from: .string(password).marked(.secret)) }
    return target
  }

  package func become(keywords: Keywords, scope: Scope) throws(TemplateError) -> Become? {
    let become = try defaults.become(keywords: keywords, scope: scope)
    if let password = become?.password { redactor.learn(from: .string(password).marked(.secret)) }
    return become
  }
}
