import FoundationEssentials
import Hosts
import ModuleKit
import Modules
import OrderedCollections
import TestSupport
import Testing
import Values

/// The facts of this machine, gathered by each of its shells.
@Suite struct FactsHere {
  private static let bareNames: Set<String> = ["gather_subset", "module_setup"]

  private func facts(
    _ shell: LocalShell, _ arguments: OrderedDictionary<String, Value> = [:]
  ) throws -> OrderedDictionary<String, Value> {
    let entry = try #require(ShippedModules.registry["setup"])
    let context = ModuleContext(host: "localhost", isPlan: false, files: MemoryFiles())
    let module = try entry.make(Arguments(arguments, for: entry.documentation, in: context))
    let change = try shell.look(module.probe)
    guard case .facts(let facts)? = change.effects.first else { return [:] }
    #expect(facts.keys.allSatisfy { $0.hasPrefix("ansible_") || Self.bareNames.contains($0) })
    return OrderedDictionary(
      uniqueKeysWithValues: facts.map { ($0.key.replacing("ansible_", with: ""), $0.value) })
  }

  @Test(arguments: LocalShell.all)
  func tellWhatTasksAskFor(_ shell: LocalShell) throws {
    let facts = try facts(shell)
    for name in [
      "distribution", "distribution_version", "distribution_major_version", "os_family", "kernel",
      "architecture", "hostname", "nodename", "fqdn", "user_id", "user_dir", "pkg_mgr",
      "service_mgr", "system", "virtualization_type",
    ] {
      let text = facts[name]?.text ?? ""
      #expect(!text.isEmpty, "\(name) is missing")
    }
    #expect(facts["system"] == "Linux")
    #expect(facts["memtotal_mb"].flatMap(number) ?? 0 > 0)
    #expect(facts["processor_vcpus"].flatMap(number) ?? 0 > 0)
    #expect(facts["interfaces"]?.items?.contains("lo") == true)
    #expect(facts["lo"]?["ipv4"]?["address"] == "127.0.0.1")
    #expect(facts["env"]?["LC_ALL"] == "C")
    #expect(facts["date_time"]?["year"]?.text?.count == 4)
    let mounts = facts["mounts"]?.items ?? []
    for mount in mounts { #expect(mount["size_total"].flatMap(number) ?? 0 > 0) }
    try write(facts)
  }

  @Test func areAsFewAsAskedFor() throws {
    let shell = try #require(LocalShell.all.first)
    let few = try facts(shell, ["gather_subset": ["!all", "!min", "network"]])
    #expect(few["interfaces"] != nil)
    #expect(few["memtotal_mb"] == nil)
    #expect(few["distribution"] == nil)
    let filtered = try facts(shell, ["filter": ["ansible_distribution*", "os_family"]])
    let names = filtered.keys.filter { $0 != "gather_subset" && $0 != "module_setup" }
    #expect(names.contains("distribution_version"))
    #expect(names.allSatisfy { $0.hasPrefix("distribution") || $0 == "os_family" })
  }

  private func number(_ value: Value) -> Int? {
    if case .int(let number) = value { return number }
    return nil
  }

  /// For `Scripts/compare-facts`, which asks ansible-core for the same.
  private func write(_ facts: OrderedDictionary<String, Value>) throws {
    guard let path = ProcessInfo.processInfo.environment["FACTS_FILE"] else { return }
    let text = Value.object(facts).debugDescription
    try Data(text.utf8).write(to: URL(filePath: path))
  }
}
