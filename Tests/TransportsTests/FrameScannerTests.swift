import Testing

@testable import Transports

@Suite struct FrameScannerTests {
  private static let stream = Array("some\noutput\n\nmark 12\nafter".utf8)

  /// Wherever the stream is cut in three, the result is the same.
  @Test func piecesMakeNoDifference() {
    let stream = Self.stream
    for first in 0...stream.count {
      for second in first...stream.count {
        var scanner = FrameScanner(mark: "mark ")
        for piece in [stream[..<first], stream[first..<second], stream[second...]] {
          scanner.append(Array(piece))
        }
        #expect(Array(scanner.body) == Array("some\noutput\n".utf8))
        #expect(scanner.trailer == "12")
        #expect(scanner.rest == Array("after".utf8))
      }
    }
  }

  @Test func theMarkBeginsALine() {
    var scanner = FrameScanner(mark: "mark ")
    scanner.append(Array("no mark 1\nmar".utf8))
    #expect(!scanner.isComplete)
    scanner.append(Array("k 2\n".utf8))
    #expect(scanner.trailer == "2")
    #expect(Array(scanner.body) == Array("no mark 1".utf8))
  }

  @Test func emptyOutputIsEmpty() {
    var scanner = FrameScanner(mark: "mark ")
    scanner.append(Array("\nmark 0\n".utf8))
    #expect(scanner.body.isEmpty)
    #expect(scanner.trailer == "0")
  }

  @Test func whatIsBeyondTheLimitIsPassedOver() {
    var scanner = FrameScanner(mark: "mark ", limit: 1000)
    for _ in 0..<100 { scanner.append([UInt8](repeating: 10, count: 10_000)) }
    scanner.append(Array("\nmark 3\n".utf8))
    #expect(scanner.isCut)
    #expect(scanner.trailer == "3")
    #expect(scanner.body.count == 1000)
  }

  @Test func theLimitItselfIsAllowed() {
    var scanner = FrameScanner(mark: "mark ", limit: 1000)
    scanner.append([UInt8](repeating: 65, count: 1000))
    scanner.append(Array("\nmark 0\n".utf8))
    #expect(!scanner.isCut)
    #expect(scanner.body.count == 1000)
  }
}
