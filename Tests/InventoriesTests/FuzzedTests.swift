import Diagnostics
import Documents
import FoundationEssentials
import Inventories
import OrderedCollections
import Testing

/// What `Scripts/fuzz INIInventory HostPattern` found, and texts in its spirit: reading and matching
/// them ends.
@Suite struct FuzzedTests {
  private static func texts(of target: String) -> [String] {
    let folder =
      "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Fuzz/\(target)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().compactMap { try? DocumentFile.text(folder + "/" + $0) }
  }

  @Test(.timeLimit(.minutes(2)), arguments: texts(of: "INIInventory"))
  func readingEnds(_ text: String) {
    let inventory = try? InventoryReader().read(ini: text)
    #expect((inventory?.hosts.count ?? 0) <= 100_000)
  }

  @Test(.timeLimit(.minutes(2)), arguments: texts(of: "HostPattern"))
  func matchingEnds(_ text: String) throws {
    let inventory = try InventoryReader().read(ini: "[web]\nweb[1:9]\n[db]\ndb[1:3]\n")
    let pattern = try HostPattern(text, at: .synthesized("test"))
    let hosts = pattern.hosts(in: inventory, GroupTree(inventory)).hosts
    #expect(hosts.allSatisfy { inventory.hosts[$0] != nil })
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ("web*.example", ["web1.example", "web22.example"]), ("*b*1*", ["web1.example", "db-1"]),
      ("*1*1*", []), ("**p*e", ["web1.example", "web22.example"]),
      ("*e?2*2.*", ["web22.example"]), ("*e?2*2*2*", []), ("*e?2*.e*", ["web22.example"]),
      ("*-1", ["db-1"]), ("d*[!2]", ["db-1"]),
    ])
  func starsFindWhatIsBetweenThem(pattern: String, hosts: [String]) throws {
    let inventory = try InventoryReader().read(ini: "web1.example\nweb22.example\ndb-1\n")
    let found = try HostPattern(pattern, at: .synthesized("test")).hosts(
      in: inventory, GroupTree(inventory))
    #expect(Array(found.hosts) == hosts)
  }

  @Test func whatTakesTooLongIsAnError() throws {
    let name = String(repeating: "a", count: 60)
    let inventory = try InventoryReader().read(ini: "\(name)b\n")
    let selection = try HostPattern("all,!~(a+)+$", at: .synthesized("test")).hosts(
      in: inventory, GroupTree(inventory))
    #expect(
      selection.diagnostics.map(\.message) == [
        "`~(a+)+$` takes too long to compare with a name"
      ])
  }

  @Test func thereAreTexts() {
    #expect(!Self.texts(of: "INIInventory").isEmpty && !Self.texts(of: "HostPattern").isEmpty)
  }
}
