import Diagnostics
import Documents
import FoundationEssentials
import Inventories
import OrderedCollections
import Testing

/// What Scripts/fuzz-inventory found, and texts in its spirit: reading and matching them ends.
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

  @Test func thereAreTexts() {
    #expect(!Self.texts(of: "INIInventory").isEmpty && !Self.texts(of: "HostPattern").isEmpty)
  }
}
