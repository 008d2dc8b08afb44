import Foundation
import Testing

@testable import Transports

/// Uploads that are compressed.
@Suite(.timeLimit(.minutes(1))) struct CompressionTests {
  @Test func gzipReadsWhatIsMade() async throws {
    let folder = try TemporaryFolder()
    var noise = SystemRandomNumberGenerator()
    let pieces: [[UInt8]] = [
      [], Array(repeating: 7, count: 3_000_000),
      (0..<100_001).map { _ in UInt8(noise.next() & 255) },
      Array("end".utf8),
    ]
    let gzip = GzipStream()
    var made: [UInt8] = []
    for (number, piece) in pieces.enumerated() {
      made += await gzip.next(piece, isLast: number == pieces.count - 1)
    }
    try Data(made).write(to: URL(fileURLWithPath: "\(folder.path)/made.gz"))
    try Program.run(script: "gzip -dc '\(folder.path)/made.gz' >'\(folder.path)/plain'")
    let plain = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/plain"))
    #expect(Array(plain) == pieces.flatMap { $0 })
  }

  @Test func slowLinesAndSmallResultsPay() async {
    // 100 MB a second to compress, to a third.
    let text = CompressionTrial(cost: 1e-8, ratio: 0.33)
    #expect(text.pays(where: 1e-6), "a line of 1 MB a second")
    #expect(text.pays(where: 1 / 12e6), "a line of 100 Mbit a second")
    #expect(!text.pays(where: 1 / 110e6), "a line of 1 Gbit a second")
    #expect(!CompressionTrial(cost: 1e-8, ratio: 0.99).pays(where: 1e-6), "noise")
    let zeros = await CompressionTrial.run(on: [UInt8](repeating: 0, count: 1 << 18))
    #expect(zeros.ratio < 0.02)
    #expect(zeros.cost > 0)
  }
}
