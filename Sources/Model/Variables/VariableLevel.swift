internal import Inventories

/// Where a variable can be defined, the weakest first: Ansible's documented order of precedence.
package enum VariableLevel: Int, Sendable, Hashable, Comparable, CaseIterable {
  /// Values such as `-u user`, which are no variables but defaults of them.
  case commandLine = 1
  case roleDefaults
  case inventoryGroup
  case inventoryGroupFolderAll
  case playbookGroupFolderAll
  case inventoryGroupFolder
  case playbookGroupFolder
  case inventoryHost
  case inventoryHostFolder
  case playbookHostFolder
  case facts
  case play
  case prompts
  case files
  case role
  case block
  case task
  case included
  /// `set_fact` and `register`.
  case set
  case roleParameters
  case includeParameters
  case extra

  package static func < (left: VariableLevel, right: VariableLevel) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The level of a definition of the inventory.
  init(_ definition: InventoryDefinition) {
    switch (definition.group, definition.set.origin) {
    case (nil, .inventory): self = .inventoryHost
    case (nil, .besideInventory): self = .inventoryHostFolder
    case (nil, .besidePlaybook): self = .playbookHostFolder
    case (_, .inventory): self = .inventoryGroup
    case ("all", .besideInventory): self = .inventoryGroupFolderAll
    case ("all", .besidePlaybook): self = .playbookGroupFolderAll
    case (_, .besideInventory): self = .inventoryGroupFolder
    case (_, .besidePlaybook): self = .playbookGroupFolder
    }
  }
}

extension VariableLevel: CustomStringConvertible {
  /// For people: `group_vars/all beside the inventory`.
  package var description: String {
    switch self {
    case .commandLine: "command line"
    case .roleDefaults: "role defaults"
    case .inventoryGroup: "group in the inventory"
    case .inventoryGroupFolderAll: "group_vars/all beside the inventory"
    case .playbookGroupFolderAll: "group_vars/all beside the playbook"
    case .inventoryGroupFolder: "group_vars beside the inventory"
    case .playbookGroupFolder: "group_vars beside the playbook"
    case .inventoryHost: "host in the inventory"
    case .inventoryHostFolder: "host_vars beside the inventory"
    case .playbookHostFolder: "host_vars beside the playbook"
    case .facts: "facts"
    case .play: "vars of the play"
    case .prompts: "vars_prompt"
    case .files: "vars_files"
    case .role: "vars of the role"
    case .block: "vars of the block"
    case .task: "vars of the task"
    case .included: "include_vars"
    case .set: "set_fact or register"
    case .roleParameters: "parameters of the role"
    case .includeParameters: "parameters of the include"
    case .extra: "extra vars (-e)"
    }
  }
}
