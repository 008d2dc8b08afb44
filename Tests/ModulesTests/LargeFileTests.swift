import Cryptography
import Execution
import FoundationEssentials
import Hosts
import ModuleKit
import Modules
import OrderedCollections
import TestSupport
import Testing
import Values

/// Files of the controller that are too large to be held.
@Suite struct LargeFileTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func bytes(_ seed: Int) -> [UInt8] {
    (0..<(1 << 20) + 12_345).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed &+ $0 >> 9) }
  }

  private func copy(
    _ arguments: OrderedDictionary<String, Value>, _ files: MemoryFiles
  ) throws -> AnyModule {
    let entry = try #require(ShippedModules.registry["copy"])
    let context = ModuleContext(host: "host", isPlan: false, files: files)
    return try entry.make(Arguments(arguments, for: entry.documentation, in: context))
  }

  @Test func areHashedInPieces() throws {
    try withFolder { folder in
      let path = "\(folder)/large"
      let files = LargeFiles()
      for seed in [1, 2] {
        let content = bytes(seed)
        try Data(content).write(to: URL(filePath: path))
        let expected = LargeFile(
          size: content.count, sha256: SHA256.hex(content), sha1: SHA1.hex(content))
        #expect(try files.file(path, over: 1 << 20) == expected)
        #expect(try files.file(path, over: 1 << 20) == expected, "known by now")
        #expect(try files.file(path, over: content.count) == nil)
      }
      #expect(try files.file(folder, over: 0) == nil)
      #expect(try files.file("\(folder)/absent", over: 0) == nil)
    }
  }

  @Test func areSentFromTheirPlaceAndFoundEqual() throws {
    try withFolder { folder in
      let source = "\(folder)/source"
      let content = bytes(3)
      try Data(content).write(to: URL(filePath: source))
      let files = MemoryFiles([source: content])
      let module = try copy(["src": .string(source), "dest": .string("\(folder)/target")], files)
      let shell = try #require(LocalShell.all.first)
      let change = try shell.look(module.probe)
      let action = try #require(change.actions.first)
      guard case .write(let write) = action.operation else {
        Issue.record("it isn't written")
        return
      }
      #expect(write.content == .controllerFile(path: source, size: content.count))
      #expect(change.result["checksum"] == .string(SHA1.hex(content)))
      #expect(try shell.perform(action).status == 0)
      #expect(try shell.look(module.probe).actions.isEmpty)
    }
  }

  @Test func haveTheSumThatTheTaskSays() throws {
    let files = MemoryFiles(["large": bytes(4)])
    let arguments: OrderedDictionary<String, Value> = ["src": "large", "dest": "/tmp/large"]
    var right = arguments
    right["checksum"] = .string(SHA1.hex(bytes(4)))
    _ = try copy(right, files)
    var wrong = arguments
    wrong["checksum"] = .string(SHA1.hex(bytes(5)))
    #expect(throws: ArgumentError.self) { try copy(wrong, files) }
  }
}
