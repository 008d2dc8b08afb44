package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Adds, changes and removes users.
package struct UserModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "user", summary: "Adds, changes and removes users.",
    notes: [
      "`password` is a hash, as /etc/shadow has it; it goes to chpasswd on standard input.",
      "SSH keys (`generate_ssh_key`) and expiry aren't supported.",
    ],
    arguments: [
      ArgumentSpecification("name", .string, "The user.", isRequired: true, aliases: ["user"]),
      ArgumentSpecification(
        "state", .string, "Whether it shall be there.", default: "present",
        choices: ["present", "absent"]),
      ArgumentSpecification("uid", .integer, "The number."),
      ArgumentSpecification("group", .string, "The first group."),
      ArgumentSpecification("groups", .list, "Further groups."),
      ArgumentSpecification(
        "append", .boolean, "Keep groups that `groups` doesn't name.", default: false),
      ArgumentSpecification("comment", .string, "Who it is."),
      ArgumentSpecification("home", .path, "The home."),
      ArgumentSpecification("shell", .path, "The login shell."),
      ArgumentSpecification("password", .string, "The password's hash.", isSecret: true),
      ArgumentSpecification("password_lock", .boolean, "Lock the password."),
      ArgumentSpecification(
        "update_password", .string, "When to set the password.", default: "always",
        choices: ["always", "on_create"]),
      ArgumentSpecification(
        "create_home", .boolean, "Make the home.", default: true, aliases: ["createhome"]),
      ArgumentSpecification(
        "move_home", .boolean, "Move what is in the old home.", default: false),
      ArgumentSpecification("system", .boolean, "A new one is a system user.", default: false),
      ArgumentSpecification("skeleton", .path, "What a new home begins with."),
      ArgumentSpecification(
        "non_unique", .boolean, "Another user may have the number, too.", default: false),
      ArgumentSpecification("remove", .boolean, "Remove the home, too.", default: false),
      ArgumentSpecification("force", .boolean, "Remove it though it is logged in.", default: false),
    ],
    results: [
      ("name", "The user."), ("uid", "The number."), ("home", "The home."), ("shell", "The shell."),
      ("state", "What it shall be."),
    ],
    example: """
      - name: Who may deploy
        ansible.builtin.user:
          name: deploy
          groups: [sudo]
          append: true
          shell: /bin/bash
      """)

  private let name: String
  private let isPresent: Bool
  private let number: Int?
  private let group: String?
  private let groups: [String]?
  private let appends: Bool
  /// usermod's options by the value's name in the differences.
  private let properties: [(label: String, option: String, value: String?)]
  private let password: String?
  private let locks: Bool?
  private let setsPasswordAlways: Bool
  private let makesHome: Bool
  private let movesHome: Bool
  private let skeleton: String?
  private let isSystem: Bool
  private let isNonUnique: Bool
  private let removal: [String]

  package init(_ arguments: Arguments) throws(ArgumentError) {
    name = try arguments.requiredString("name")
    isPresent = try arguments.string("state") != "absent"
    number = try arguments.integer("uid")
    group = try arguments.string("group")
    groups = try arguments.strings("groups")?.filter { !$0.isEmpty }
    appends = try arguments.boolean("append") ?? false
    properties = [
      ("comment", "-c", try arguments.string("comment")),
      ("home", "-d", try arguments.string("home")),
      ("shell", "-s", try arguments.string("shell")),
    ]
    password = try arguments.string("password")
    locks = try arguments.boolean("password_lock")
    setsPasswordAlways = try arguments.string("update_password") != "on_create"
    makesHome = try arguments.boolean("create_home") ?? true
    movesHome = try arguments.boolean("move_home") ?? false
    skeleton = try arguments.string("skeleton")
    isSystem = try arguments.boolean("system") ?? false
    isNonUnique = try arguments.boolean("non_unique") ?? false
    removal =
      (try arguments.boolean("remove") ?? false ? ["-r"] : [])
      + (try arguments.boolean("force") ?? false ? ["-f"] : [])
    if name.isEmpty || name.hasPrefix("-") || name.contains(where: { ":\n ".contains($0) }) {
      throw ArgumentError(argument: "name", "`\(name)` is no user's name")
    }
    if let password, password.contains("\n") || password.contains(":") {
      throw ArgumentError(argument: "password", "`password` is no password's hash")
    }
  }

  package var probe: Probe<UserAccount?> { Probe<UserAccount?>(UserAccount.query(name)) }

  package func diff(from current: UserAccount?) -> Change {
    var change: Change
    switch (isPresent, current) {
    case (true, let account?): change = modification(account)
    case (true, nil): change = creation
    case (false, _?):
      change = Change(
        differences: [Difference("user \(name)", .attribute(before: "present", after: "absent"))],
        actions: [action(["userdel"] + removal + [name])], reason: "the user is there")
    case (false, nil): change = .satisfied()
    }
    change.result = result(current)
    return change
  }

  private func result(_ current: UserAccount?) -> OrderedDictionary<String, Value> {
    var result: OrderedDictionary<String, Value> = [
      "name": .string(name), "state": .string(isPresent ? "present" : "absent"),
    ]
    guard isPresent else { return result }
    if let number = number ?? current?.number { result["uid"] = .int(number) }
    for property in properties {
      let now = ["comment": current?.comment, "home": current?.home, "shell": current?.shell]
      if let value = property.value ?? now[property.label] ?? nil {
        result[property.label] = .string(value)
      }
    }
    if let groups { result["groups"] = .string(groups.joined(separator: ",")) }
    return result
  }

  private func action(_ words: [String], input: String? = nil, summary: String? = nil) -> Action {
    Action(
      .run(Command(Shell.words(words), standardInput: input.map { Array($0.utf8) })),
      touches: [.user(name), .path("/etc/passwd"), .path("/etc/shadow"), .path("/etc/group")],
      summary: summary ?? words.joined(separator: " "))
  }

  /// A password's hash would stand in everybody's process list as an argument.
  private func passwordActions(isLocked: Bool) -> [Action] {
    guard let password else { return [] }
    let hash = isLocked && !password.hasPrefix("!") ? "!" + password : password
    return [
      action(
        ["chpasswd", "-e"], input: "\(name):\(hash)\n", summary: "set the password of \(name)")
    ]
  }

  private var creation: Change {
    var words = ["useradd"]
    if let number { words += ["-u", String(number)] }
    if isNonUnique { words.append("-o") }
    if let group { words += ["-g", group] }
    if let groups, !groups.isEmpty { words += ["-G", groups.joined(separator: ",")] }
    for property in properties {
      if let value = property.value { words += [property.option, value] }
    }
    if isSystem { words.append("-r") }
    if makesHome {
      words += ["-m"] + (skeleton.map { ["-k", $0] } ?? [])
    } else {
      words.append("-M")
    }
    var actions = [action(words + [name])]
    actions += passwordActions(isLocked: locks ?? false)
    return Change(
      differences: [Difference("user \(name)", .attribute(before: "absent", after: "present"))],
      actions: actions, reason: "there is no such user")
  }

  private func modification(_ account: UserAccount) -> Change {
    var words: [String] = []
    var differences: [Difference] = []
    func differ(_ label: String, _ before: String, _ after: String) {
      differences.append(Difference(label, .attribute(before: before, after: after)))
    }
    if let number, number != account.number {
      words += ["-u", String(number)] + (isNonUnique ? ["-o"] : [])
      differ("uid", String(account.number), String(number))
    }
    if let group, group != account.primaryGroup, Int(group) != account.primaryGroupNumber {
      words += ["-g", group]
      differ("group", account.primaryGroup, group)
    }
    if let wanted = changedGroups(account) {
      words += ["-G", wanted.joined(separator: ",")]
      differ("groups", account.groups.joined(separator: ","), wanted.joined(separator: ","))
    }
    let now = ["comment": account.comment, "home": account.home, "shell": account.shell]
    for property in properties {
      guard let value = property.value, let before = now[property.label], before != value else {
        continue
      }
      words += [property.option, value]
      if property.label == "home", movesHome { words.append("-m") }
      differ(property.label, before, value)
    }
    lock(account, &words, differ)
    var actions = words.isEmpty ? [] : [action(["usermod"] + words + [name])]
    let isLocked = locks ?? account.passwordHash.hasPrefix("!")
    if let password, setsPasswordAlways,
      account.passwordHash.drop(while: { $0 == "!" }) != password,
      account.passwordHash != password
    {
      differences.append(
        Difference("password", .attribute(before: "", after: ""), isSecret: true))
      actions += passwordActions(isLocked: isLocked)
    }
    return Change(
      differences: differences, actions: actions,
      reason: differences.map(\.label).joined(separator: ", "))
  }

  /// The groups to set; nil where they are right.
  private func changedGroups(_ account: UserAccount) -> [String]? {
    guard let groups else { return nil }
    let wanted = Set(groups).subtracting([group ?? account.primaryGroup])
    let now = Set(account.groups)
    if appends { return wanted.isSubset(of: now) ? nil : now.union(wanted).sorted() }
    return wanted == now ? nil : wanted.sorted()
  }

  private func lock(
    _ account: UserAccount, _ words: inout [String], _ differ: (String, String, String) -> Void
  ) {
    let isLocked = account.passwordHash.hasPrefix("!")
    guard let locks, locks != isLocked, !account.passwordHash.isEmpty,
      password == nil || !setsPasswordAlways
    else { return }
    words.append(locks ? "-L" : "-U")
    differ("password", isLocked ? "locked" : "open", locks ? "locked" : "open")
  }
}
