internal import Diagnostics
internal import OrderedCollections
package import Playbooks
internal import Synchronization
internal import Templates
internal import Values

/// A play as its tasks' variables see it.
package struct PlayContext: Sendable {
  package var name: String
  /// The play's hosts that are still in it: `ansible_play_hosts`.
  package var hosts: [String]
  /// All hosts that the play began with: `ansible_play_hosts_all`.
  package var allHosts: [String]
  /// The hosts of the present batch of `serial:`.
  package private(set) var batch: [String]
  /// Names of roles that `include_role` has brought in so far.
  package var includedRoles: [String] = []
  private var privateRoles: [String] = []
  private let roles: [Role]
  /// Roles that includes have brought in, and whose variables all later tasks see.
  private var added: [Role] = []
  private var cache = RoleLayerCache()
  private let layers: [VariableLayer]

  /// `layers` are the play's own: `vars:`, prompts, files; `roles` those of `roles:`, whose defaults
  /// and variables all of the play's tasks see.
  package init(name: String, hosts: [String], roles: [Role], layers: [VariableLayer]) {
    self.name = name
    self.hosts = hosts
    allHosts = hosts
    batch = hosts
    self.roles = roles
    self.layers = layers
  }

  /// The context of a play as written.
  package init(_ play: Play, hosts: [String], more layers: [VariableLayer] = []) {
    let own = VariableLayer(.play, play.keywords.variables, at: play.range)
    self.init(
      name: play.name ?? play.hosts.pattern, hosts: hosts,
      roles: play.roles.map(\.role) + play.importedRoles,
      layers: [own] + layers)
    privateRoles = play.privateRoles.map(\.name)
    includedRoles = privateRoles
  }

  /// Sets the hosts of the present batch of `serial:`. The next one knows of no includes yet.
  package mutating func setBatch(_ hosts: [String]) {
    if !Set(hosts).isSubset(of: batch) { includedRoles = privateRoles }
    batch = hosts
  }

  /// Has all tasks from now on see what a role defines, as those of `roles:` are seen.
  package mutating func add(_ role: Role) {
    if (roles + added).contains(where: { $0.identity == role.identity }) { return }
    added.append(role)
    cache = RoleLayerCache()
  }

  /// The layers that a task of a role (or of none) sees of the play, and of all its roles.
  func stack(for role: Role?) -> VariableStack {
    cache.stack(for: role) {
      var all: [VariableLayer] = []
      for used in roles + added { all += used.layers }
      if let role {
        let way = roles.lazy.compactMap { $0.way(to: role) }.first
        all += role.layers(below: way ?? [])
      }
      return VariableStack(all + layers)
    }
  }

  /// The magic variables of the play and of a role in it.
  func magic(_ name: String, role: Role?) -> Value? {
    switch name {
    case "ansible_play_name": .string(self.name)
    case "ansible_play_hosts", "play_hosts": .strings(hosts)
    case "ansible_play_hosts_all": .strings(allHosts)
    case "ansible_play_batch": .strings(batch)
    case "ansible_play_role_names", "role_names": .strings(roleNames)
    case "ansible_dependent_role_names": .strings(dependentRoleNames)
    case "ansible_role_names":
      .strings(OrderedSet(dependentRoleNames + roleNames))
    case "role_name":
      role.flatMap { $0.name.split(separator: ".").last }.map { .string(String($0)) }
    case "ansible_role_name": role.map { .string($0.name) }
    default: nil
    }
  }

  static let names = [
    "ansible_play_name", "ansible_play_hosts", "play_hosts", "ansible_play_hosts_all",
    "ansible_play_batch", "ansible_play_role_names", "role_names",
    "ansible_dependent_role_names", "ansible_role_names",
  ]

  /// Without those that others depend on.
  private var roleNames: [String] {
    let dependent = Set(dependentRoleNames)
    return Array(OrderedSet(roles.map(\.name).filter { !dependent.contains($0) } + includedRoles))
  }

  private var dependentRoleNames: [String] {
    var names: OrderedSet<String> = []
    func add(_ role: Role) {
      for dependency in role.dependencies {
        add(dependency)
        names.append(dependency.name)
      }
    }
    for role in roles { add(role) }
    return Array(names)
  }
}

/// Stacks that were worked out once, by role.
private final class RoleLayerCache: Sendable {
  private let stacks = Mutex<[ObjectIdentifier?: VariableStack]>([:])

  func stack(for role: Role?, _ make: () -> VariableStack) -> VariableStack {
    let key = role.map { ObjectIdentifier($0) }
    return stacks.withLock { stacks in
      if let stack = stacks[key] { return stack }
      let stack = make()
      stacks[key] = stack
      return stack
    }
  }
}

extension Expression {
  /// Host patterns as written, with commas between several.
  fileprivate var pattern: String {
    switch self {
    case .literal(let value, _): value.description
    case .template(let template): template.text
    case .list(let items, _): items.map(\.pattern).joined(separator: ",")
    case .dict: ""
    }
  }
}

extension Role {
  /// The role's layers, those of the roles it depends on below its own.
  var layers: [VariableLayer] { dependencies.flatMap(\.layers) + [ownDefaults, ownVariables] }

  /// What a task of this role sees where other roles depend on it, the outermost first.
  ///
  /// Their variables count, too: defaults above those of its own dependencies, variables below.
  func layers(below parents: [Role]) -> [VariableLayer] {
    let inner = dependencies.flatMap(\.layers)
    return parents.map(\.ownVariables) + inner + parents.map(\.ownDefaults)
      + [ownDefaults, ownVariables]
  }

  /// The way from this role to one that it depends on, without that one; nil where there is none.
  func way(to role: Role) -> [Role]? {
    if self === role { return [] }
    for dependency in dependencies {
      if let rest = dependency.way(to: role) { return [self] + rest }
    }
    return nil
  }

  private var ownDefaults: VariableLayer {
    VariableLayer(.roleDefaults, defaults, at: defaults.values.first?.range, detail: name)
  }

  private var ownVariables: VariableLayer {
    VariableLayer(.role, variables, at: variables.values.first?.range, detail: name)
  }
}
