import Foundation
import Testing

/// What Scripts/fuzz-transports has found, and the seeds that it begins with.
@Suite(.timeLimit(.minutes(3))) struct FuzzTests {
  private static let tests = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()

  private func inputs(_ target: String) throws -> [[UInt8]] {
    let folders = [
      "\(Self.tests)/Fuzz/Seeds/\(target)", "\(Self.tests)/TransportsTests/Cases/Fuzz/\(target)",
    ]
    return folders.flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().compactMap {
        FileManager.default.contents(atPath: "\(folder)/\($0)").map(Array.init)
      }
    }
  }

  @Test func framesHold() throws {
    let inputs = try inputs("frames")
    #expect(!inputs.isEmpty)
    for input in inputs { FuzzBodies.frames(input) }
  }

  @Test func knownHostsHold() throws {
    let inputs = try inputs("knownHosts")
    #expect(!inputs.isEmpty)
    for input in inputs { FuzzBodies.knownHosts(input) }
  }

  @Test func configurationsHold() throws {
    let inputs = try inputs("configuration")
    #expect(!inputs.isEmpty)
    for input in inputs { FuzzBodies.configuration(input) }
  }
}
