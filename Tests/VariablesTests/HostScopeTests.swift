import Diagnostics
import Documents
import Inventories
import OrderedCollections
import Playbooks
import Templates
import Testing
import Values
import Variables

@Suite struct HostScopeTests {
  private let place = SourceRange.synthesized("test")

  private func inventory(_ count: Int) -> Inventory {
    var inventory = Inventory()
    for number in 0..<count { inventory.addHost("web\(number).example", to: "web", at: place) }
    inventory.addGroup("db", at: place)
    inventory.addHost("db1", to: "db", at: place)
    inventory.complete()
    return inventory
  }

  private func variables(_ inventory: Inventory) -> HostVariables {
    var context = RunContext(playbookFolder: "/play", workingFolder: "/work")
    context.limit = "web"
    return HostVariables(inventory, context)
  }

  @Test func magicVariablesSayWhereWeAre() {
    let variables = variables(inventory(2))
    var play = PlayContext(
      name: "p", hosts: ["web0.example", "web1.example"], roles: [], layers: [])
    play.hosts = ["web1.example"]
    let role = Role(
      name: "my.own.role", folder: "/roles/role", defaults: [:], variables: [:],
      allowsDuplicates: false, dependencies: [])
    let scope = variables.scope(
      for: "web1.example", play: play, role: role, run: RunVariables())
    #expect(scope.value("inventory_hostname") == "web1.example")
    #expect(scope.value("inventory_hostname_short") == "web1")
    #expect(scope.value("group_names") == ["web"])
    #expect(scope.value("groups")?["db"] == ["db1"])
    #expect(scope.value("groups")?["all"] == ["web0.example", "web1.example", "db1"])
    #expect(scope.value("ansible_play_hosts") == ["web1.example"])
    #expect(scope.value("ansible_play_hosts_all") == ["web0.example", "web1.example"])
    #expect(scope.value("role_name") == "role")
    #expect(scope.value("ansible_role_name") == "my.own.role")
    #expect(scope.value("playbook_dir") == "/play")
    #expect(scope.value("ansible_limit") == "web")
    #expect(scope.value("ansible_version")?["full"] == "2.19.14")
    #expect(scope.value("nobody") == nil)
    #expect(scope.names.contains("role_path"))
    #expect(!scope.names.contains("inventory_file"))
  }

  @Test func nothingHidesMagicVariablesButThoseOfTheHost() {
    let inventory = inventory(1)
    let scope = variables(inventory).scope(
      for: "db1", run: RunVariables(),
      extra: [
        VariableLayer(.extra, ["inventory_hostname": "other", "playbook_dir": "other"]),
        VariableLayer(.roleDefaults, ["inventory_hostname_short": "other"]),
      ])
    #expect(scope.value("playbook_dir") == "/play")
    #expect(scope.explain("playbook_dir").map(\.level) == [nil, .extra])
    #expect(scope.value("inventory_hostname") == "other")
    #expect(scope.explain("inventory_hostname").map(\.level) == [.extra, nil])
    #expect(scope.value("inventory_hostname_short") == "db1")
  }

  @Test func pathsOfRolesStartFromTheRoot() {
    let role = Role(
      name: "r", folder: "./x/../roles/r", defaults: [:], variables: [:],
      allowsDuplicates: false, dependencies: [])
    let play = PlayContext(name: "p", hosts: [], roles: [role], layers: [])
    let scope = variables(inventory(1)).scope(
      for: "db1", play: play, role: role, run: RunVariables())
    #expect(scope.value("role_path") == "/work/roles/r")
  }

  @Test func dictionariesOfOneLevelAreMerged() throws {
    let reader = YAMLReader()
    let weak = try reader.read(path: "-e", text: "{a: {x: 1, y: 1}, b: 1}")
    let strong = try reader.read(path: "-e", text: "{a: {y: 2}, c: [3]}")
    let scope = Scope(variables(inventory(1)).scope(for: "db1", run: RunVariables()))
    let merged = try strong.merged(over: weak).evaluate(in: scope)
    #expect(merged == ["a": ["x": 1, "y": 2], "b": 1, "c": [3]])
    #expect(try Expression.literal(5, place).merged(over: weak).evaluate(in: scope) == 5)
  }

  @Test func hostvarsShowOtherHostsWithoutThePlay() throws {
    var inventory = inventory(1)
    inventory.add(
      VariableSet(["x": .literal("inventory", place)], at: place), toHost: "db1")
    var run = RunVariables()
    run.register("result", as: "r", on: "db1")
    let play = PlayContext(
      name: "p", hosts: [], roles: [], layers: [VariableLayer(.play, ["x": "play", "y": "play"])])
    let scope = variables(inventory).scope(for: "web0.example", play: play, run: run)
    #expect(scope.value("x") == "play")
    guard case .scope(let hosts)? = scope.variable(named: "hostvars"),
      case .scope(let other)? = hosts.variable(named: "db1")
    else {
      Issue.record("hostvars is no scope of scopes")
      return
    }
    let database = try #require(other as? HostScope)
    #expect(database.value("x") == "inventory")
    #expect(database.value("r") == "result")
    #expect(database.value("y") == nil)
    #expect(hosts.names == ["web0.example", "db1"])
    #expect(hosts.variable(named: "web7") == nil)
  }

  @Test func theImplicitLocalhostIsReachedWithoutSSH() {
    let variables = variables(inventory(1))
    let scope = variables.scope(for: "localhost", run: RunVariables())
    #expect(scope.value("ansible_connection") == "local")
    #expect(scope.value("group_names") == [])
    #expect(variables.scope(for: "db1", run: RunVariables()).value("ansible_connection") == nil)
  }

  @Test func factsHaveTwoNames() {
    var run = RunVariables()
    run.addFacts(["ansible_distribution": "Debian", "packages": ["a"]], on: "db1")
    run.addFacts(["ansible_distribution": "Ubuntu"], on: "db1")
    let variables = variables(inventory(1))
    let scope = variables.scope(for: "db1", run: run)
    #expect(scope.value("ansible_distribution") == "Ubuntu")
    #expect(scope.value("packages") == ["a"])
    #expect(scope.value("ansible_facts") == ["distribution": "Ubuntu", "packages": ["a"]])
    run.clearFacts(of: "db1")
    #expect(variables.scope(for: "db1", run: run).value("packages") == nil)
    #expect(scope.value("packages") == ["a"])
  }

  @Test func dictionariesAreMergedWhereThatIsWanted() throws {
    var context = RunContext(playbookFolder: "/play", workingFolder: "/work")
    context.mergesDictionaries = true
    let variables = HostVariables(inventory(1), context)
    let written = Expression.dict(
      [.init(key: .literal("b", place), value: .literal(["z": 3], place))], place)
    var run = RunVariables()
    run.set(["x": ["a": [9]]], on: "db1")
    let scope = variables.scope(
      for: "db1", run: run,
      extra: [
        VariableLayer(.roleDefaults, ["x": "no dictionary", "y": 1]),
        VariableLayer(.play, ["x": ["a": [1, 2], "b": ["y": 2, "z": 2]], "y": ["k": 1]]),
        VariableLayer(.task, ["x": written], at: place),
      ])
    guard case .expression(let merged)? = scope.variable(named: "x") else {
      Issue.record("x isn't merged")
      return
    }
    #expect(try merged.evaluate(in: Scope(scope)) == ["a": [9], "b": ["y": 2, "z": 3]])
    #expect(scope.value("y") == ["k": 1])
  }

  @Test func aScopeKeepsWhatWasKnownWhenItWasMade() {
    var run = RunVariables()
    run.set(["x": 1], on: "db1")
    let variables = variables(inventory(1))
    let before = variables.scope(for: "db1", run: run)
    run.set(["x": 2], on: "db1")
    #expect(before.value("x") == 1)
    #expect(variables.scope(for: "db1", run: run).value("x") == 2)
  }

  @Test func aTasksLayersLieOnTheScope() {
    let scope = variables(inventory(1)).scope(
      for: "db1", run: RunVariables(), extra: [VariableLayer(.block, ["x": "block", "y": 1])])
    let inner = scope.adding([VariableLayer(.task, ["x": "task"])])
    #expect(inner.value("x") == "task")
    #expect(inner.value("y") == 1)
    #expect(scope.value("x") == "block")
  }

  @Test(.timeLimit(.minutes(1))) func tenThousandHostsAreNoBurden() {
    let variables = variables(inventory(10_000))
    var run = RunVariables()
    var scopes: [HostScope] = []
    for number in 0..<10_000 {
      let host = "web\(number).example"
      scopes.append(variables.scope(for: host, run: run))
      run.register(.int(number), as: "number", on: host)
    }
    #expect(run["web9999.example"].set["number"] == 9999)
    #expect(scopes[9_999].value("number") == nil)
  }
}
