import Execution
import Hosts
import Synchronization
import TestSupport
import Testing
import Values
import Variables

/// Facts of hosts that no play has come to: outside `--limit`, or of later plays.
@Suite(.timeLimit(.minutes(2)))
struct FactsOnDemandTests {
  private let hosts = WatchedHosts(unreachable: ["lost"])

  private func trial(_ playbook: String, limit: String? = "a") -> Trial {
    var trial = Trial(playbook, on: "a,b,c,lost,", hosts)
    trial.limit = limit
    return trial
  }

  @Test(arguments: [RunMode.plan, .apply])
  func theyAreGatheredWhenAnExpressionAsksForThem(_ mode: RunMode) async throws {
    var trial = trial(
      """
      - hosts: all
        gather_facts: false
        vars: {other: "{{ hostvars.b.ansible_system }}"}
        tasks:
          - debug: {msg: "{{ hostvars['b'].ansible_facts.system }} {{ other }}"}
          - debug: {msg: "{{ ['b'] | map('extract', hostvars, ['ansible_facts', 'system']) }}"}
          - debug: {msg: never}
            when: hostvars.b.ansible_facts['system'] != 'Linux'
          - debug: {msg: "{{ item }}"}
            loop: "{{ [hostvars.b.ansible_lo.ipv4.address] }}"
          - set_fact: {kept: "{{ hostvars.b.ansible_system }}"}
          - assert: {that: [kept == 'Linux', hostvars.b.ansible_distribution is defined]}
      """)
    trial.mode = mode
    let record = try await trial.run()
    #expect(record.said() == ["Linux Linux", "[\"Linux\"]", "127.0.0.1"])
    #expect(!record.summary.hasFailures)
    #expect(hosts.now.connected == ["b"])
    #expect(hosts.now.reads == ["b": 1])
    #expect(hosts.now.commands.isEmpty)
    #expect(record.summary.hosts.map(\.name) == ["a"])
  }

  @Test func manyStepsAskAHostOnce() async throws {
    let record = try await trial(
      """
      - hosts: all
        gather_facts: false
        tasks:
          - debug: {msg: "{{ hostvars.c.ansible_system }} {{ hostvars.lost.ansible_fqdn | default }}"}
      """, limit: "a,b"
    ).run()
    #expect(record.said(on: "a") == ["Linux "])
    #expect(record.said(on: "b") == ["Linux "])
    #expect(hosts.now.reads == ["c": 1])
    #expect(hosts.now.connected.sorted() == ["c", "lost"])
  }

  @Test func aHostOutOfReachHasNoneAndTheErrorSaysWhy() async throws {
    let record = try await trial(
      """
      - hosts: all
        gather_facts: false
        tasks:
          - debug: {msg: "{{ hostvars.lost.ansible_facts.system | default('nothing') }}"}
          - debug: {msg: "{{ hostvars.lost.ansible_facts.system }}"}
            name: asks
      """
    ).run()
    #expect(record.said() == ["nothing"])
    guard case .failed(let message, _, _)? = record.outcome("asks") else {
      Issue.record("it didn't fail")
      return
    }
    #expect(message.contains("site.yml:5:21"))
    #expect(message.contains("the facts of `lost` aren't known"))
    #expect(message.contains("no way to lost"))
  }

  @Test func hostsOfThePlayHaveWhatItGathered() async throws {
    let record = try await trial(
      """
      - hosts: all
        gather_facts: false
        tasks:
          - debug: {msg: "{{ ansible_system | default('none') }} {{ ansible_facts }}"}
          - debug: {msg: "{{ hostvars.b.ansible_system | default('none') }}"}
            when: inventory_hostname == 'a'
      """, limit: "a,b"
    ).run()
    #expect(record.said() == ["none {}", "none"])
    #expect(hosts.now.connected.isEmpty)
  }

  @Test func whoListsVariablesAsksNobody() async throws {
    let record = try await trial(
      """
      - hosts: all
        gather_facts: false
        tasks:
          - debug: {msg: "{{ hostvars.b | length > 0 }} {{ hostvars | length }}"}
          - debug: {msg: "{{ hostvars.b.ansible_host | default('unset') }}"}
          - debug: {msg: "{{ hostvars.b.get('ansible_become_password', 'unset') }}"}
      """
    ).run()
    #expect(record.said() == ["True 4", "unset", "unset"])
    #expect(hosts.now.connected.isEmpty)
  }

  @Test func theHostIsReachedAsItsOwnPlaySays() async throws {
    let record = try await trial(
      """
      - hosts: a
        gather_facts: false
        connection: local
        remote_user: root
        tasks:
          - debug: {msg: "{{ hostvars.b.ansible_system }}"}
      - hosts: b
        remote_user: admin
        gather_facts: false
        tasks:
          - debug: {msg: "{{ ansible_system | default('not here') }}"}
      """, limit: nil
    ).run()
    #expect(record.said() == ["Linux"])
    #expect(record.said(on: "b") == ["not here"])
    #expect(hosts.now.users == ["b": "admin"])
  }

  @Test func factsHaveTheirNamesAsVariables() async throws {
    let record = try await trial(
      """
      - hosts: all
        vars: {system: mine}
        tasks:
          - debug: {msg: "{{ ansible_system }} {{ ansible_facts.system }} {{ system }}"}
          - debug: {msg: "{{ interfaces is defined }} {{ 'lo' in ansible_interfaces }}"}
      """
    ).run()
    #expect(record.said() == ["Linux Linux mine", "False True"])
  }

  @Test func everyFactIsKnownByItsName() async throws {
    let record = try await trial(
      """
      - hosts: all
        tasks:
          - debug:
              msg: "{{ ansible_facts.keys() | difference(ansible_facts.interfaces)
                | difference(['gather_subset', 'module_setup']) | join(' ') }}"
      """
    ).run()
    let names = try #require(record.said().first).split(separator: " ").map(String.init)
    #expect(names.count > 60)
    for name in names { #expect(FactNames.contains("ansible_\(name)"), "\(name)") }
    #expect(FactNames.contains("ansible_eth0"))
    for name in ["ansible_host", "ansible_become_pass", "ansible_ssh_common_args", "domain"] {
      #expect(!FactNames.contains(name))
    }
  }

  @Test func smartGatheringAsksAHostOnce() async throws {
    let play = "- hosts: a\n"
    var trial = trial(
      play + play + "  tasks: [{meta: clear_facts}]\n" + play + play
        + "- {hosts: b, gather_facts: false}\n- {hosts: 'a,b'}\n", limit: "a,b")
    trial.gathering = "smart"
    let record = try await trial.run()
    #expect(record.steps(of: "a").filter { $0.hasSuffix("Gathering Facts") }.count == 2)
    #expect(record.steps(of: "b").filter { $0.hasSuffix("Gathering Facts") }.count == 1)
  }

  @Test func explicitGatheringIsAskedFor() async throws {
    var trial = trial("- hosts: a\n- {hosts: a, gather_facts: true}\n")
    trial.gathering = "explicit"
    let record = try await trial.run()
    #expect(record.steps(of: "a") == ["ok: Gathering Facts"])
  }
}

/// This machine under any name, with notes of who was asked.
final class WatchedHosts: HostConnector {
  struct State {
    var connected: [String] = []
    var users: [String: String] = [:]
    var reads: [String: Int] = [:]
    var commands: [String] = []
  }

  private let unreachable: Set<String>
  private let state = Mutex(State())

  init(unreachable: Set<String> = []) { self.unreachable = unreachable }

  /// What has been asked so far.
  var now: State { state.withLock { $0 } }

  func connect(to target: ConnectionTarget) async throws(HostError) -> any Host {
    state.withLock {
      $0.connected.append(target.name)
      $0.users[target.name] = target.user
    }
    if unreachable.contains(target.name) {
      throw HostError(.unreachable, "no way to \(target.name)")
    }
    return WatchedHost(name: target.name, all: self)
  }

  fileprivate func note(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
}

private struct WatchedHost: Host {
  let name: String
  let all: WatchedHosts
  private let shell = LocalShell(["sh"])

  init(name: String, all: WatchedHosts) {
    self.name = name
    self.all = all
  }

  func read(_ script: String, as become: Become?) async throws(HostError) -> CommandOutput {
    all.note { $0.reads[name, default: 0] += 1 }
    do { return try shell.run(script, input: []) } catch {
      throw HostError(.actionFailed, "\(error)")
    }
  }

  func run(_ command: Command, as become: Become?) async throws(HostError) -> CommandOutput {
    all.note { $0.commands.append("\(name): \(command.script)") }
    return CommandOutput()
  }

  func upload(
    _ content: FileContent, to path: String, as become: Become?
  ) async throws(HostError) {
    all.note { $0.commands.append("\(name): \(path)") }
  }

  func close() async {}
}
