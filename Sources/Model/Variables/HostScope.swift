internal import Inventories
internal import OrderedCollections
internal import Playbooks
package import Templates
internal import Values

/// The variables of one host in a play, a role and a task; cheap to make and to copy.
package struct HostScope: VariableSource {
  package let host: String
  let variables: HostVariables
  let run: RunVariables
  let play: PlayContext?
  let role: Role?
  /// All layers but the inventory's and the run's.
  let stack: VariableStack
  /// Where facts of hosts that no play has come to are asked for; nil where they are undefined.
  let requests: FactRequests?
  /// What the run knows of the host.
  private let known: RunVariables.Entry
  /// All layers, the strongest first.
  private let layers: [VariableLayer]

  init(
    host: String, variables: HostVariables, run: RunVariables, play: PlayContext?, role: Role?,
    stack: VariableStack, requests: FactRequests?
  ) {
    self.host = host
    self.variables = variables
    self.run = run
    self.play = play
    self.role = role
    self.stack = stack
    self.requests = requests
    var known = run[host]
    if requests != nil, !known.isTargeted, known.facts.isEmpty,
      case .gathered(let facts)? = variables.onDemand[host]
    {
      known.add(facts)
    }
    self.known = known
    layers = Self.layers(of: host, variables, known, stack)
  }

  /// This scope with the caller's layers laid on it, such as a task's `vars:`.
  package func adding(_ layers: [VariableLayer]) -> HostScope {
    HostScope(
      host: host, variables: variables, run: run, play: play, role: role,
      stack: stack.adding(layers), requests: requests)
  }

  package func variable(named name: String) -> Variable? {
    if let magic = magic(name) { return magic }
    for (index, layer) in layers.enumerated() {
      guard let variable = layer.variable(named: name) else { continue }
      guard variables.context.mergesDictionaries else { return variable }
      return variable.merged(
        over: layers[(index + 1)...].lazy.compactMap {
          $0.variable(named: name)
        })
    }
    if FactNames.contains(name) { return factOnDemand }
    return Self.addressNames.contains(name) ? addressByName : nil
  }

  /// Each is the other where only one is defined.
  private static let addressNames = ["ansible_host", "ansible_ssh_host"]

  /// The address that a task reaches a host at to which nothing gives one; like Ansible's, it isn't
  /// among `vars` and in `hostvars`.
  private var addressByName: Variable? {
    guard play != nil else { return nil }
    for layer in layers {
      for name in Self.addressNames {
        if let variable = layer.variable(named: name) { return variable }
      }
    }
    return .value(.string(variables.inventory.hosts[host] == nil ? "127.0.0.1" : host))
  }

  /// Whether facts of the host are gathered when somebody asks for them.
  private var mayAsk: Bool { requests != nil && !known.isTargeted && known.facts.isEmpty }

  /// What stands behind a fact of a host that no play has come to; nil where the fact is undefined.
  private var factOnDemand: Variable? {
    guard let requests, mayAsk else { return nil }
    switch variables.onDemand[host] {
    case .gathered: return nil
    case .missing(let reason)?: return .undefined(reason)
    case nil:
      requests.request(host)
      return .value(.unknown(Unknown(origin: "the facts of \(host)")))
    }
  }

  package var names: [String] {
    var names = OrderedSet(HostVariables.names)
    if play != nil { names.append(contentsOf: PlayContext.names) }
    if role != nil { names.append(contentsOf: ["role_name", "ansible_role_name", "role_path"]) }
    // Who lists all variables doesn't ask for facts.
    names = names.filter { name in
      name == "ansible_facts" ? !mayAsk : magic(name) != nil
    }
    for layer in layers { names.append(contentsOf: layer.names) }
    // A host in `hostvars` doesn't list all hosts again, even if somebody gave it such a variable.
    if play == nil { names.remove("hostvars") }
    return Array(names)
  }

  /// What `hostvars`, `ansible_facts` and the other names that nobody defines stand for.
  private func magic(_ name: String) -> Variable? {
    switch name {
    case "hostvars":
      return .scope(HostvarsSource(variables: variables, run: run, requests: requests))
    case "role_path" where role != nil && play != nil:
      return role.map { .value(.string(variables.context.absolute($0.folder))) }
    case "ansible_facts": return factOnDemand ?? .value(.dict(known.factNamespace))
    default:
      let value = variables.magic(name) ?? play?.magic(name, role: role)
      return value.map { .value($0) }
    }
  }

  private static func layers(
    of host: String, _ variables: HostVariables, _ known: RunVariables.Entry,
    _ stack: VariableStack
  ) -> [VariableLayer] {
    var all: [VariableLayer] = []
    if let extra = variables.context.extra { all.append(extra) }
    all += stack.part(.roleParameters ... .extra)
    all.append(VariableLayer(.set, known.set))
    all.append(VariableLayer(.included, known.included, at: nil))
    all += stack.part(.play ... .included)
    all.append(VariableLayer(.facts, known.facts))
    all += variables.inventoryPart(of: host).stack.layers
    all += stack.part(.commandLine ... .roleDefaults)
    return all
  }

  /// Every definition of a name that counts for this host, the one that wins first.
  package func explain(_ name: String) -> [VariableCandidate] {
    var found: [VariableCandidate] = []
    if let magic = magic(name) { found.append(VariableCandidate(variable: magic)) }
    for layer in layers {
      guard let variable = layer.variable(named: name) else { continue }
      let candidate = VariableCandidate(variable: variable, layer: layer)
      // A play's role is seen twice in its own tasks.
      let isKnown = found.contains {
        $0.level == candidate.level && $0.detail == candidate.detail && $0.range == candidate.range
      }
      if !isKnown { found.append(candidate) }
    }
    return found
  }
}

/// `hostvars`: the variables of every host, by its name.
struct HostvarsSource: VariableSource {
  let variables: HostVariables
  let run: RunVariables
  let requests: FactRequests?

  func variable(named host: String) -> Variable? {
    guard variables.inventory.hosts[host] != nil || HostPattern.isLocalhost(host) else {
      return nil
    }
    return .scope(variables.scope(for: host, run: run, requests: requests))
  }

  var names: [String] { Array(variables.inventory.hosts.keys) }
}
