import ArgumentParser
import Diagnostics
import Execution
import Inspection
import Values

/// `orchestrate verify`: how a cluster stands; changes nothing.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a highly available cluster: address, rule, API, etcd, nodes, certificates.",
    discussion: """
      Only looks. Says of everything that is wrong what mends it. Exit status: 0 all well, 1 \
      something is wrong.
      """)

  @OptionGroup var cluster: ClusterArguments

  func run() async throws {
    do throws(Diagnostics) {
      let session = try ClusterSession(cluster)
      let health = await session.inspect()
      await session.close()
      let table = FindingTable(
        findings: health.findings, playbook: cluster.playbook,
        sources: cluster.inventory.inventory)
      if cluster.isJSON {
        let value: Value = [
          "healthy": .bool(health.isHealthy), "holders": .strings(health.holders),
          "findings": table.value,
        ]
        TextFile.standardOutput(session.redactor.redact(value).json(.pretty) + "\n")
      } else {
        TextFile.standardOutput(session.redactor.redact(table.text))
      }
      if health.isHealthy { return }
    } catch {
      for diagnostic in error.all { Controller.show(diagnostic) }
    }
    throw ExitStatus.failure.exitCode
  }
}
