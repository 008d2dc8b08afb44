import Diagnostics
import Execution
import Testing

/// Parts of an inventory's hosts.
struct ShardTests {
  @Test(arguments: [1, 2, 3, 7]) func everyHostIsInOnePart(_ count: Int) throws {
    let shards = try (1...count).map { try Shard("\($0)/\(count)") }
    for index in 0..<20 {
      #expect(shards.count { $0.has(index) } == 1)
    }
    let sizes = shards.map { shard in (0..<20).count { shard.has($0) } }
    #expect(sizes.max()! - sizes.min()! <= 1)
    #expect(shards[0].has(0))
  }

  @Test(arguments: ["", "3", "0/3", "4/3", "-1/3", "1/0", "a/b", "1/2/3", "1/", "/2"])
  func whatIsNoPartIsRefused(_ text: String) {
    let diagnostics = #expect(throws: Diagnostics.self) { try Shard(text) }
    #expect(diagnostics?.all.first?.help == "for the third of eight: --shard 3/8")
  }
}
