import Documents
import FoundationEssentials
import Testing

/// What `Scripts/fuzz vaults` has found, and the recorded vaults, whole and mutilated.
@Suite(.timeLimit(.minutes(2))) struct VaultFuzzTests {
  private static let folder =
    "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Cases/Fuzz/vaults"

  private static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()

  @Test(arguments: names) func whatBrokeItOnceIsAnswered(_ name: String) throws {
    VaultFuzz.run(try DocumentFile.bytes("\(Self.folder)/\(name)"))
  }

  @Test func mutilatedVaultsOpenAsWhatTheyWereOrNotAtAll() {
    for vault in RecordedVault.all where vault.text.utf8.count < 500 {
      let bytes = Array(vault.text.utf8)
      VaultFuzz.run(bytes)
      for index in stride(from: 0, to: bytes.count, by: 7) {
        VaultFuzz.run(Array(bytes[..<index]))
        VaultFuzz.run(Array(bytes[..<index] + bytes[(index + 1)...]))
        var changed = bytes
        changed[index] ^= 0x80
        VaultFuzz.run(changed)
      }
    }
  }
}
