import Diagnostics
import Documents
import FoundationEssentials
import Testing

@Suite struct PasswordFileTests {
  /// Writes a file into a folder of its own; the path of the file.
  private func file(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
    let folder =
      FileManager.default.temporaryDirectory.path + "/passwords-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/" + name
    try Data(text.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  private func password(_ path: String, label: String? = nil) throws -> String {
    var passwords = VaultPasswords()
    if let label {
      try passwords.add(id: "\(label)@\(path)")
      #expect(passwords.all[0].label == label)
    } else {
      try passwords.add(file: path)
    }
    return String(decoding: passwords.all[0].bytes, as: UTF8.self)
  }

  @Test func whiteSpaceAroundThePasswordDoesNotCount() throws {
    #expect(try password(file("p", " geheim wort\r\n\n")) == "geheim wort")
  }

  @Test func anExecutableFilePrintsIt() throws {
    #expect(try password(file("p.sh", "#!/bin/sh\necho geheim\n", mode: 0o700)) == "geheim")
  }

  @Test func aClientScriptIsToldTheID() throws {
    let path = try file("my-client.sh", "#!/bin/sh\necho \"$1 $2\"\n", mode: 0o700)
    #expect(try password(path, label: "de'v") == "--vault-id de'v")
  }

  @Test func failuresSayWhatToDo() throws {
    #expect(throws: Diagnostics.self) { try password("/nowhere/at/all") }
    #expect(throws: Diagnostics.self) { try password(file("empty", "\n")) }
    let failing = try file("fails.sh", "#!/bin/sh\necho geheim\nexit 3\n", mode: 0o700)
    do {
      _ = try password(failing)
      Issue.record("no error")
    } catch let error as Diagnostics {
      #expect(error.all[0].message.hasSuffix("failed with status 3"))
      #expect(!error.all[0].message.contains("geheim"))
    }
  }
}
