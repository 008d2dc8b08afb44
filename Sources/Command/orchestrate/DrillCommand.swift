import ArgumentParser
import Diagnostics
import Execution
import Hosts
import Inspection
import Layouts
import Values

extension Drill.Kind: ExpressibleByArgument {}

/// `orchestrate drill`: a failure made on purpose, the API's outage measured, and all put right.
struct DrillCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drill",
    abstract: "Make a failure on purpose, measure the API's outage, and put all right again.",
    discussion: """
      vip-failover stops Keepalived where the virtual address is; plane-down stops a control plane; \
      balancer-down stops Keepalived and HAProxy; haproxy-down kills HAProxy; link-down takes a \
      host's link away. Begins only where `verify` finds all well. Restores in any case: after \
      Ctrl-C, too, and where this program is killed, the host restores itself after some minutes. \
      Exit status: 0 all is well again, 1 it isn't or the drill wasn't begun, 130 interrupted.
      """)

  @Argument(help: "vip-failover, plane-down, balancer-down, haproxy-down or link-down.")
  var kind: Drill.Kind
  @OptionGroup var cluster: ClusterArguments
  @Option(help: "The host that it happens to; without, the one where it is felt most.")
  var host: String?
  @Option(help: "Where requests come from: a host of the cluster, or localhost.")
  var from = "localhost"
  @Option(help: "Seconds for which the failure lasts.") var hold = 10
  @Option(help: "How many drills in a row.") var count = 1
  @Flag(help: "Don't ask first.") var yes = false

  func validate() throws {
    guard hold > 0, count > 0 else { throw ValidationError("--hold and --count are 1 or more") }
  }

  func run() async throws {
    let status: ExitStatus
    do throws(Diagnostics) {
      let session = try ClusterSession(cluster)
      let work = Task { await perform(session) }
      let interrupts = Interrupts { work.cancel() }
      status = await work.value
      withExtendedLifetime(interrupts) {}
    } catch {
      for diagnostic in error.all { Controller.show(diagnostic) }
      status = .failure
    }
    if status != .success { throw status.exitCode }
  }

  private func perform(_ session: ClusterSession) async -> ExitStatus {
    var reports: [DrillReport] = []
    var status = ExitStatus.success
    for _ in 0..<count {
      do {
        guard let report = try await once(session, isFirst: reports.isEmpty) else {
          status = .failure
          break
        }
        reports.append(report)
        if !cluster.isJSON { TextFile.standardOutput(session.redactor.redact(report.text)) }
        guard report.isWell else {
          showFindings(of: report.health, session)
          status = .failure
          break
        }
      } catch {
        Controller.show(Self.diagnostic(error))
        status = Task.isCancelled ? .interrupted : .failure
        break
      }
      if Task.isCancelled { status = .interrupted }
      if status != .success { break }
    }
    await Task { await session.close() }.value
    summarize(reports, session)
    return status
  }

  /// One drill; nil where it wasn't begun.
  private func once(_ session: ClusterSession, isFirst: Bool) async throws -> DrillReport? {
    let health = await isFirst ? session.inspect() : settled(session)
    guard health.isHealthy else {
      showFindings(of: health, session)
      Controller.show(
        Diagnostic(
          .error, "the drill isn't begun: the cluster isn't healthy",
          help: "mend what `orchestrate verify` names first"))
      return nil
    }
    guard let endpoint = session.layout.endpoint else {
      throw Drill.Refusal("the cluster has no endpoint", help: "set `cluster_vip`")
    }
    let drill = try Drill(kind, on: host, of: health, hold: hold)
    let place = Bind(endpoint.address, endpoint.port)
    if isFirst {
      try confirm(drill, session)
    }
    if !cluster.isJSON {
      TextFile.standardOutput(
        session.redactor.redact(
          "\(kind.rawValue) on \(drill.host): \(drill.summary); https://\(place)/readyz is asked"
            + " every 100 ms from \(from)\n"))
    }
    let probe = OutageProbe(session, at: place, from: from)
    return try await DrillRun(session, drill, probe, hold: hold).run()
  }

  /// How the cluster stands once the virtual address has stayed where it is for some seconds.
  ///
  /// After a drill it may be on its way back, and the next one would happen to a host that it
  /// leaves anyway.
  private func settled(_ session: ClusterSession) async -> ClusterHealth {
    var health = await session.inspect()
    guard session.layout.keepers.count > 1 else { return health }
    for _ in 0..<10 {
      do { try await Task.sleep(for: .seconds(4)) } catch { return health }
      let later = await session.inspect()
      if later.holders == health.holders { return later }
      health = later
    }
    return health
  }

  private func confirm(_ drill: Drill, _ session: ClusterSession) throws {
    if yes { return }
    let question = "\(drill.summary) on \(drill.host) for \(hold) s? Type yes: "
    guard let answer = Prompt.line(session.redactor.redact(question), isPrivate: false) else {
      throw Drill.Refusal(
        "can't ask whether to begin: standard input is no terminal", help: "give --yes")
    }
    guard answer == "yes" else {
      throw Drill.Refusal("not begun", help: "`yes` begins it")
    }
  }

  private func showFindings(of health: ClusterHealth?, _ session: ClusterSession) {
    guard let health else { return }
    let table = FindingTable(
      findings: health.findings.filter { $0.state != .well }, playbook: cluster.playbook,
      sources: cluster.inventory.inventory)
    TextFile.standardError(session.redactor.redact(table.text))
  }

  private func summarize(_ reports: [DrillReport], _ session: ClusterSession) {
    let sorted = reports.map(\.longest).sorted()
    let middle = sorted.count / 2
    let median =
      sorted.isEmpty
      ? 0 : sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    if cluster.isJSON {
      let value: Value = [
        "drills": .list(reports.map(\.value)), "median_outage": .float(median),
        "longest_outage": .float(sorted.last ?? 0),
      ]
      TextFile.standardOutput(session.redactor.redact(value).json(.pretty) + "\n")
    } else if count > 1 {
      TextFile.standardOutput(
        "\(reports.count) of \(count) drills: median outage \(DrillReport.seconds(median)),"
          + " longest \(DrillReport.seconds(sorted.last ?? 0))\n")
    }
  }

  private static func diagnostic(_ error: any Error) -> Diagnostic {
    if let refusal = error as? Drill.Refusal {
      return Diagnostic(.error, refusal.message, help: refusal.help)
    }
    let error = error as? HostError ?? HostError(.actionFailed, "\(error)")
    return Diagnostic(.error, "the drill: \(error.message)", help: error.help)
  }
}
