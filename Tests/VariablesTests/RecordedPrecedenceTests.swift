import Diagnostics
import Documents
import Inventories
import OrderedCollections
import Playbooks
import Templates
import Testing
import Values
import Variables

/// Winners as ansible-core 2.19 told them, by the names of two places that define a variable.
struct Winners {
  var byPair: [String: String]

  static func recorded(_ file: String, _ part: String? = nil) throws -> Winners {
    let folder = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
    var value = try YAMLReader().read("\(folder)/Cases/\(file)").evaluated
    if let part { value = try #require(value[part]) }
    guard case .dict(let dict) = value else { return Winners(byPair: [:]) }
    var byPair: [String: String] = [:]
    for (pair, winner) in dict { byPair[pair.description] = winner.description }
    return Winners(byPair: byPair)
  }

  /// The variables that a place defines, each with the place's name as its value.
  func define(_ place: String) -> OrderedDictionary<String, Templates.Expression> {
    let names = byPair.keys.filter { $0.hasPrefix(place + "__") || $0.hasSuffix("__" + place) }
    let range = SourceRange.synthesized(place)
    return OrderedDictionary(
      uniqueKeysWithValues: names.sorted().map { ($0, .literal(.string(place), range)) })
  }

  func values(_ place: String) -> OrderedDictionary<String, Value> {
    define(place).mapValues { $0.evaluated }
  }

  /// Whether a scope agrees about every pair.
  func check(_ scope: HostScope) {
    for (pair, winner) in byPair.sorted(by: { $0.key < $1.key }) {
      #expect(scope.value(pair) == .string(winner), "\(pair)")
      // What `set_fact` and `register` set replaces what was there.
      #expect(scope.explain(pair).count == (pair == "set__registered" ? 1 : 2), "\(pair)")
    }
  }
}

extension HostScope {
  /// The value of a variable without templates in it.
  func value(_ name: String) -> Value? {
    switch variable(named: name) {
    case .value(let value): value
    case .expression(let expression): expression.evaluated
    default: nil
    }
  }
}

extension Templates.Expression {
  var evaluated: Value {
    switch self {
    case .literal(let value, _): value
    case .template(let template): .string(template.text)
    case .list(let items, _): .list(items.map(\.evaluated))
    case .dict(let entries, _):
      .dict(
        OrderedDictionary(
          entries.map { ($0.key.evaluated, $0.value.evaluated) }, uniquingKeysWith: { $1 }))
    }
  }
}

@Suite struct RecordedPrecedenceTests {
  private let context = RunContext(playbookFolder: "/play", workingFolder: "/")

  @Test func everyLevelOverridesTheWeakerOnes() throws {
    let winners = try Winners.recorded("levels.json")
    #expect(winners.byPair.count == 231)
    func set(_ place: String, _ origin: VariableSet.Origin) -> VariableSet {
      VariableSet(winners.define(place), origin: origin, at: .synthesized(place))
    }
    var inventory = Inventory()
    inventory.addHost("h", to: "g", at: .synthesized("test"))
    inventory.complete()
    try inventory.add(set("inventoryGroup", .inventory), toGroup: "g")
    try inventory.add(set("inventoryGroupFolderAll", .besideInventory), toGroup: "all")
    try inventory.add(set("playbookGroupFolderAll", .besidePlaybook), toGroup: "all")
    try inventory.add(set("inventoryGroupFolder", .besideInventory), toGroup: "g")
    try inventory.add(set("playbookGroupFolder", .besidePlaybook), toGroup: "g")
    inventory.add(set("playbookHostFolder", .besidePlaybook), toHost: "h")
    inventory.add(set("inventoryHost", .inventory), toHost: "h")
    inventory.add(set("inventoryHostFolder", .besideInventory), toHost: "h")

    var run = RunVariables()
    run.addFacts(winners.values("facts"), on: "h")
    run.include(winners.define("included"), on: "h")
    for (name, value) in winners.values("registered") { run.register(value, as: name, on: "h") }
    run.set(winners.values("set"), on: "h")

    let role = role("r", winners.define("roleDefaults"), winners.define("role"))
    func layer(_ level: VariableLevel, _ place: String) -> VariableLayer {
      VariableLayer(level, winners.define(place), at: nil)
    }
    let play = PlayContext(
      name: "p", hosts: ["h"], roles: [role],
      layers: [
        layer(.files, "files"), layer(.play, "play"),
        VariableLayer(.prompts, winners.values("prompts")),
      ])
    var context = context
    context.extra = layer(.extra, "extra")
    let scope = HostVariables(inventory, context).scope(
      for: "h", play: play, role: role, run: run,
      extra: [
        layer(.roleParameters, "roleParameters"), layer(.includeParameters, "includeParameters"),
        layer(.task, "task"), layer(.block, "block"),
      ])
    winners.check(scope)
  }

  @Test(arguments: ["a", "b", "c", "d", "play"])
  func rolesSeeEachOthersVariables(_ place: String) throws {
    let winners = try Winners.recorded("roles.json", place)
    #expect(winners.byPair.count == 36)
    func role(_ name: String, _ dependencies: [Role] = []) -> Role {
      self.role(
        name, winners.define(name + "_defaults"), winners.define(name + "_vars"), dependencies)
    }
    let c = role("c")
    let b = role("b", [c])
    let a = role("a", [b])
    let d = role("d")
    let play = PlayContext(
      name: "p", hosts: ["h"], roles: [a, d],
      layers: [VariableLayer(.play, winners.define("play"), at: nil)])
    var inventory = Inventory()
    inventory.addHost("h", to: "ungrouped", at: .synthesized("test"))
    inventory.complete()
    winners.check(
      HostVariables(inventory, context).scope(
        for: "h", play: play, role: ["a": a, "b": b, "c": c, "d": d][place],
        run: RunVariables()))
  }

  private func role(
    _ name: String, _ defaults: OrderedDictionary<String, Templates.Expression>,
    _ variables: OrderedDictionary<String, Templates.Expression>, _ dependencies: [Role] = []
  ) -> Role {
    Role(
      name: name, folder: "/roles/" + name, defaults: defaults, variables: variables,
      allowsDuplicates: false, dependencies: dependencies)
  }
}
