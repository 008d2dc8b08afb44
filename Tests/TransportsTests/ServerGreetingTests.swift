import Testing

@testable import Transports

@Suite struct ServerGreetingTests {
  static func greeting(_ pieces: String...) -> ServerGreeting {
    var greeting = ServerGreeting()
    for piece in pieces { greeting.take(piece.utf8) }
    return greeting
  }

  @Test func isOverWithTheIntroductionAlone() {
    #expect(!Self.greeting().isOver)
    #expect(!Self.greeting("SS").isOver)
    #expect(Self.greeting("SS", "H-2.0-x").isOver)
    #expect(Self.greeting("who\r\nare you?\r\n", "SSH-2.0-x\r\n").isOver)
    #expect(!Self.greeting("no SSH-2.0 here\r\n").isOver)
    #expect(Self.greeting(String(repeating: "x", count: 5000)).isOver)
  }

  @Test func saysWhatAnEarlyEndMeans() {
    #expect(Self.greeting().earlyEnd == .droppedEarly)
    #expect(Self.greeting("Exceeded MaxStartups\r\n").earlyEnd == .droppedEarly)
    #expect(Self.greeting("Not allowed ", "at this time\r\n").earlyEnd == .turnedAway)
    #expect(Self.greeting("Not allowed ", "at this time\r\n").words == "Not allowed at this time")
    #expect(Self.greeting("a\u{1B}[31mb\r\nc\r\n").words == "a [31mb c")
    #expect(Self.greeting("\r\n").words == nil)
    #expect(Self.greeting(String(repeating: "y", count: 300)).words?.count == 200)
  }
}
