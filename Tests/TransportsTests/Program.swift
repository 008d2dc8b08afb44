import Foundation
import Hosts

@testable import Transports

/// Programs beside the tests. Not by Foundation's Process, whose children hold each other's files.
enum Program {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// What a program says on standard output; fails where its status isn't among `statuses`.
  @discardableResult
  static func run(_ words: [String], statuses: Set<Int32> = [0]) throws -> String {
    try run(script: "exec " + Shell.words(words), statuses: statuses)
  }

  /// The same for a script, which reads `input`.
  @discardableResult
  static func run(
    script: String, input: String = "", statuses: Set<Int32> = [0]
  ) throws -> String {
    let pipes = try ProcessPipes()
    let number = try pipes.spawn("exec 2>/dev/null; " + script)
    _ = write(pipes.input.write, input, input.utf8.count)
    close(pipes.input.write)
    close(pipes.error.read)
    let output = FileHandle(fileDescriptor: pipes.output.read, closeOnDealloc: true)
      .readDataToEndOfFile()
    let status = end(of: number)
    guard statuses.contains(status) else { throw Failure(description: "\(script): \(status)") }
    return String(decoding: output, as: UTF8.self)
  }

  /// The status with which a child ends; -1 for a signal.
  fileprivate static func end(of number: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(number, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? status >> 8 & 0xff : -1
  }
}

/// A server beside the tests, which ends with them, even if they are killed.
final class BackgroundProgram: Sendable {
  private let number: pid_t
  private let life: Int32
  /// Kept: one that is released while it listens closes its descriptor twice.
  private let output: FileHandle
  private let isStopped = NSLock()
  /// What it had said when it was waited for no longer.
  let said: String

  /// The number that it said after `port`.
  var port: Int {
    said.firstMatch(of: /port (\d+)/).flatMap { Int($0.1) } ?? 0
  }

  /// Starts `command`, waits until it has said `sign`, and runs `afterwards` at its end.
  init(_ command: String, until sign: String, afterwards: String = ":") throws {
    let pipes = try ProcessPipes()
    life = pipes.input.write
    // The shell ends the program when its own input ends.
    number = try pipes.spawn(
      "exec 2>&1; \(command) </dev/null & read -r line; kill $!; wait; \(afterwards)")
    close(pipes.error.read)
    var text = ""
    output = FileHandle(fileDescriptor: pipes.output.read, closeOnDealloc: true)
    while !text.contains(sign) {
      let piece = output.availableData
      guard !piece.isEmpty else { throw Program.Failure(description: "\(command): \(text)") }
      text += String(decoding: piece, as: UTF8.self)
    }
    said = text
    output.readabilityHandler = { handle in
      if handle.availableData.isEmpty { handle.readabilityHandler = nil }
    }
  }

  deinit { stop() }

  func stop() {
    guard isStopped.try() else { return }
    close(life)
    _ = Program.end(of: number)
  }
}
