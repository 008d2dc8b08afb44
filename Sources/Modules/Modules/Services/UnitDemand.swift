package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// What a task wants of a systemd unit.
package struct UnitDemand: Hashable, Sendable {
  package enum State: String, Hashable, Sendable { case started, stopped, restarted, reloaded }

  /// As the task has it; nil where only systemd's files are to be read again.
  package var name: String?
  package var state: State?
  package var isEnabled: Bool?
  package var isMasked: Bool?
  package var reloadsManager = false
  package var reexecutesManager = false
  /// Don't wait for jobs to end.
  package var doesNotBlock = false
  package var isForced = false
  package var scope = SystemdScope.system

  package init(name: String?) { self.name = name }

  /// The unit's name with its suffix; a name without one is a service.
  package var unit: String? {
    guard let name else { return nil }
    let suffixes = [
      "service", "socket", "target", "timer", "mount", "automount", "path", "slice", "scope",
      "swap", "device",
    ]
    let last = name.split(separator: ".").last.map(String.init) ?? ""
    return name.contains(".") && suffixes.contains(last) ? name : name + ".service"
  }

  package var probe: Probe<UnitStatus?> {
    guard let unit else { return Probe(nil) }
    return Probe(UnitStatus.query(unit, scope: scope)).map { (status) throws(HostError) in status }
  }

  /// What has to be done so that the unit is as it shall be.
  package func change(from status: UnitStatus?) -> Change {
    guard let unit, let name, let status else {
      return reloadsManager || reexecutesManager ? managerChange : .satisfied()
    }
    if let complaint = status.complaint { return .failed(complaint) }
    var result = baseResult(status)
    if !status.exists, isMasked != true {
      return .failed(
        "Could not find the requested service \(name): host", result: ["name": .string(name)])
    }
    var plan = Steps(unit: unit, name: name, demand: self)
    plan.mask(status)
    plan.enable(status)
    plan.act(status)
    if let blocked = plan.failure { return .failed(blocked, result: result) }
    let isWork = !plan.actions.isEmpty
    if reloadsManager, isWork || status.needsReload { plan.reloadManager() }
    if reexecutesManager { plan.actions.insert(plan.manager("daemon-reexec"), at: 0) }
    if let state { result["state"] = .string(state == .stopped ? "stopped" : "started") }
    let words = plan.failureWords
    return Change(
      differences: plan.differences, actions: plan.actions,
      reason: plan.reasons.joined(separator: ", "), result: result,
      counts: isWork || plan.actions.isEmpty
    ) { outputs in
      guard let output = outputs.last, output.status != 0 else { return Completion() }
      let what = words[min(outputs.count, words.count) - 1]
      return Completion(failure: "\(what) \(name): \(output.complaint)")
    }
  }

  private func baseResult(_ status: UnitStatus) -> OrderedDictionary<String, Value> {
    var result: OrderedDictionary<String, Value> = [
      "name": .string(name ?? ""),
      "status": .object(status.properties.mapValues { .string($0) }),
    ]
    if let isEnabled { result["enabled"] = .bool(isEnabled) }
    return result
  }

  private var managerChange: Change {
    let steps = Steps(unit: "", name: "", demand: self)
    var actions: [Action] = []
    if reloadsManager { actions.append(steps.manager("daemon-reload")) }
    if reexecutesManager { actions.append(steps.manager("daemon-reexec")) }
    return Change(actions: actions, reason: "asked for", counts: false)
  }

  /// The actions in the making.
  private struct Steps {
    let unit: String
    let name: String
    let demand: UnitDemand
    var actions: [Action] = []
    var differences: [Difference] = []
    var reasons: [String] = []
    /// What to say where an action fails, by the action's index.
    var failureWords: [String] = []
    var failure: String?

    init(unit: String, name: String, demand: UnitDemand) {
      self.unit = unit
      self.name = name
      self.demand = demand
    }

    private func systemctl(_ words: String) -> Command {
      let options = (demand.doesNotBlock ? " --no-block" : "") + (demand.isForced ? " --force" : "")
      return Command(
        "\(demand.scope.environment)systemctl\(demand.scope.option)\(options) \(words)")
    }

    func manager(_ verb: String) -> Action {
      Action(
        .run(systemctl(verb)), touches: [.unit("*")], summary: "systemctl \(verb)")
    }

    mutating func reloadManager() {
      actions.insert(manager("daemon-reload"), at: 0)
      failureWords.insert("failure reloading systemd for", at: 0)
      if reasons.isEmpty { reasons.append("unit files changed") }
    }

    mutating func add(_ verb: String, _ failing: String) {
      actions.append(
        Action(
          .run(systemctl("\(verb) -- \(Shell.quote(unit))")), touches: [.unit(unit)],
          summary: "systemctl \(verb) \(unit)"))
      failureWords.append(failing)
    }

    mutating func differ(_ label: String, _ before: String, _ after: String) {
      differences.append(Difference(label, .attribute(before: before, after: after)))
      reasons.append("\(label) is \(before)")
    }

    mutating func mask(_ status: UnitStatus) {
      guard let masked = demand.isMasked, masked != status.isMasked else { return }
      add(masked ? "mask" : "unmask", "Unable to \(masked ? "mask" : "unmask") service")
      differ("masked", masked ? "no" : "yes", masked ? "yes" : "no")
    }

    mutating func enable(_ status: UnitStatus) {
      guard let enabled = demand.isEnabled, let isEnabled = status.isEnabled, enabled != isEnabled
      else { return }
      if enabled, status.isMasked, demand.isMasked != false {
        failure = "Unable to enable service \(name): Unit \(unit) is masked"
        return
      }
      add(enabled ? "enable" : "disable", "Unable to \(enabled ? "enable" : "disable") service")
      differ("enabled", enabled ? "no" : "yes", enabled ? "yes" : "no")
    }

    mutating func act(_ status: UnitStatus) {
      let now = status.properties["ActiveState"] ?? "inactive"
      switch demand.state {
      case .started? where !status.isRunning: add("start", "Unable to start service")
      case .stopped? where status.isAnyhowActive: add("stop", "Unable to stop service")
      case .restarted?:
        add("restart", "Unable to restart service")
        reasons.append("asked for")
        return
      case .reloaded? where !status.isRunning: add("start", "Unable to start service")
      case .reloaded?:
        add("reload", "Unable to reload service")
        reasons.append("asked for")
        return
      default: return
      }
      differ("state", now, demand.state == .stopped ? "inactive" : "active")
    }
  }
}
