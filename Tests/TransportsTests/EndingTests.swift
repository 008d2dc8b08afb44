import Cryptography
import Foundation
import Hosts
import Testing

@testable import Transports

/// Time-outs, cancellation and uploads: nothing may be left behind on the host.
@Suite(.serialized, .timeLimit(.minutes(3))) struct EndingTests {
  /// What is in a folder, hidden files too.
  private func content(of folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  /// Fails unless the process ends soon; a killed one may take a moment.
  private static func ends(_ number: Substring) -> String {
    """
    i=0; while kill -0 \(number) 2>/dev/null && ! grep -q '^State:.Z' /proc/\(number)/status; do
    i=$((i+1)); [ $i -le 2000 ] || exit 1; done; echo dead
    """
  }

  private func start(_ pipe: String, child: String = "sleep 1000") -> String {
    "\(child) & echo $! >\(pipe); \(child)"
  }

  @Test(arguments: Transport.kinds, [true, false])
  func timeOutsKillTheGroup(_ transport: Transport, _ isContained: Bool) async throws {
    let folder = try TemporaryFolder()
    let temporary = try TemporaryFolder()
    let host = try await transport.connect(temporaryFolder: temporary.path)
    let command = Command(
      start("\(folder.path)/pid"), timeout: .milliseconds(400), isContained: isContained)
    let error = await #expect(throws: HostError.self) { try await host.run(command, as: nil) }
    #expect(error?.kind == .timedOut)
    #expect(error?.message == "the command took longer than 0.4 s and was ended")
    let number = try await host.read("cat \(folder.path)/pid", as: nil).text.dropLast()
    #expect(try await host.read(Self.ends(number), as: nil).text == "dead\n")
    #expect(try content(of: temporary) == [])
    #expect(try await host.run(Command("echo next"), as: nil).text == "next\n")
    await host.close()
    #expect(try content(of: temporary) == [])
  }

  @Test(arguments: Transport.kinds, [true, false])
  func cancellationKillsTheGroup(_ transport: Transport, _ isContained: Bool) async throws {
    let folder = try TemporaryFolder()
    let temporary = try TemporaryFolder()
    let pipe = "\(folder.path)/pipe"
    try Program.run(["mkfifo", pipe])
    let host = try await transport.connect(temporaryFolder: temporary.path)
    let script = start(pipe)
    let task = Task {
      try await host.run(Command(script, isContained: isContained), as: nil)
    }
    let number = try await host.read("cat \(pipe)", as: nil).text.dropLast()
    task.cancel()
    let error = await #expect(throws: HostError.self) { try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(try await host.read(Self.ends(number), as: nil).text == "dead\n")
    #expect(try content(of: temporary) == [])
    await host.close()
  }

  @Test(arguments: Transport.kinds)
  func closingEndsWhatRuns(_ transport: Transport) async throws {
    let folder = try TemporaryFolder()
    let temporary = try TemporaryFolder()
    let pipe = "\(folder.path)/pipe"
    try Program.run(["mkfifo", pipe])
    let host = try await transport.connect(temporaryFolder: temporary.path)
    let script = start(pipe)
    let task = Task { try await host.run(Command(script), as: nil) }
    let number = try await host.read("cat \(pipe)", as: nil).text.dropLast()
    #expect(try content(of: temporary).count == 1)
    await host.close()
    await #expect(throws: HostError.self) { try await task.value }
    #expect(try Program.run(script: Self.ends(number)) == "dead\n")
    #expect(try content(of: temporary) == [])
    let error = await #expect(throws: HostError.self) { try await host.read("echo", as: nil) }
    #expect(error?.kind == .cancelled)
  }

  @Test func waitingForAConnectionCanBeCancelled() async throws {
    let server = try SSHServer.shared.get()
    let task = Task {
      try await server.connect({ $0.port = 1 }, options: { $0.retries = 1000 })
    }
    task.cancel()
    let error = await #expect(throws: HostError.self) { try await task.value }
    #expect(error?.kind == .cancelled)
  }

  @Test(arguments: Transport.kinds)
  func privateFoldersAreMadeLateAndPrivate(_ transport: Transport) async throws {
    let temporary = try TemporaryFolder()
    let host = try await transport.connect(temporaryFolder: temporary.path)
    _ = try await host.read("echo", as: nil)
    #expect(try content(of: temporary) == [])
    let list = "stat -c %a \(temporary.path)/*; ls \(temporary.path)/*"
    #expect(try await host.run(Command(list), as: nil).text == "700\ne\no\n")
    let script = Command(list, executable: "/bin/sh")
    #expect(try await host.run(script, as: nil).text == "700\ne\no\ns\n")
    #expect(try await host.read(list, as: nil).text == "700\n")
    await host.close()
    #expect(try content(of: temporary) == [])
  }

  @Test(arguments: Transport.kinds)
  func aFolderThatCannotBeMadeIsSaid(_ transport: Transport) async throws {
    let host = try await transport.connect(temporaryFolder: "/no/such/folder")
    let error = await #expect(throws: HostError.self) {
      try await host.run(Command("echo"), as: nil)
    }
    #expect(error?.kind == .actionFailed)
    #expect(error?.message.contains("/no/such/folder") == true)
    await host.close()
  }

  @Test(arguments: Transport.kinds)
  func largeFilesArrive(_ transport: Transport) async throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/source"
    try Program.run(["dd", "if=/dev/urandom", "of=\(file)", "bs=1M", "count=20"])
    let host = try await transport.connect()
    let path = "\(folder.path)/it's a copy"
    // What is there is replaced, and a link isn't followed.
    try Program.run(["ln", "-s", "/no/such", path])
    try await host.upload(.controllerFile(path: file, size: 20 << 20), to: path, as: nil)
    try Program.run(["cmp", file, path])
    #expect(try Program.run(["stat", "-c", "%a %F", path]) == "600 regular file\n")
    try await host.upload(.bytes([]), to: path, as: nil)
    #expect(try Program.run(["stat", "-c", "%s", path]) == "0\n")
    await host.close()
  }

  /// Compressed or not, what arrives is what was sent: zeros, noise, and no whole number of pieces.
  @Test(arguments: Transport.kinds, [true, false])
  func compressedFilesArrive(_ transport: Transport, _ isCompressed: Bool) async throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/source"
    try Program.run(
      script: "{ head -c 9m /dev/zero; head -c 9m /dev/urandom; echo end; } >'\(file)'")
    let host = try await transport.connect { $0.compressesUploads = isCompressed }
    let path = "\(folder.path)/copy"
    try await host.upload(.controllerFile(path: file, size: (18 << 20) + 4), to: path, as: nil)
    try Program.run(["cmp", file, path])
    #expect(try Program.run(["stat", "-c", "%a", path]) == "600\n")
    // Trouble in the second part takes the first away, too.
    try Program.run(script: "printf x >>'\(file)'")
    let changed = await #expect(throws: HostError.self) {
      try await host.upload(.controllerFile(path: file, size: (18 << 20) + 4), to: path, as: nil)
    }
    #expect(changed?.message == "\(file) changed while it was sent")
    #expect(try content(of: folder) == ["source"])
    await host.close()
  }

  @Test(arguments: Transport.kinds)
  func brokenUploadsLeaveNothing(_ transport: Transport) async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("source", String(repeating: "x", count: 100_000))
    let host = try await transport.connect()
    let path = "\(folder.path)/copy"
    for size in [50_000, 200_000] {
      let changed = await #expect(throws: HostError.self) {
        try await host.upload(.controllerFile(path: file, size: size), to: path, as: nil)
      }
      #expect(changed?.message == "\(file) changed while it was sent")
    }
    let unreadable = await #expect(throws: HostError.self) {
      try await host.upload(.controllerFile(path: "/no/such", size: 1), to: path, as: nil)
    }
    #expect(unreadable?.message == "can't read /no/such: No such file or directory")
    let nowhere = await #expect(throws: HostError.self) {
      try await host.upload(
        .bytes([UInt8](repeating: 0, count: 5 << 20)), to: "/no/such/copy", as: nil)
    }
    #expect(nowhere?.kind == .actionFailed)
    #expect(nowhere?.message.contains("/no/such/copy") == true)
    #expect(try content(of: folder) == ["source"])
    await host.close()
  }
}
