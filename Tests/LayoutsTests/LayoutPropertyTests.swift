import Layouts
import Testing

@Suite("The layout's rules against a simulation of hosts")
struct LayoutPropertyTests {
  static let layouts = 10_000

  /// What the rules accept works, and what works they accept.
  @Test(.timeLimit(.minutes(5)))
  func rulesAgreeWithTheSimulation() {
    var dice = Dice(seed: 6)
    var accepted = 0
    var disagreements = 0
    for number in 0..<Self.layouts {
      let layout = Layout.random(&dice)
      let failure = SimulatedCluster.failure(of: layout)
      if layout.isAccepted { accepted += 1 }
      guard layout.isAccepted != (failure == nil) else { continue }
      disagreements += 1
      if disagreements > 5 { continue }
      Issue.record(
        """
        layout \(number): rules \(layout.problems.map(\.description)), \
        simulation \(failure ?? "works")
        \(layout)
        """)
    }
    #expect(disagreements == 0)
    // Neither everything nor nothing: the comparison says something of both sides.
    #expect((Self.layouts / 5..<Self.layouts * 4 / 5).contains(accepted), "\(accepted) accepted")
  }

  /// Random moves, restarts and losses of the address in layouts that were accepted.
  @Test(.timeLimit(.minutes(5)))
  func theRuleHoldsAfterEveryMove() throws {
    var dice = Dice(seed: 100)
    var moves = 0
    while moves < 10_000 {
      let layout = Layout.random(&dice)
      guard layout.isAccepted, !layout.keepers.isEmpty,
        layout.endpoint?.address == layout.virtualAddress
      else { continue }
      var cluster = SimulatedCluster(layout)
      try cluster.start(holder: nil)
      for _ in 0..<20 {
        let holder = dice.pick(layout.keepers).name
        try cluster.move(to: holder)
        if dice.hits(4) { try cluster.reboot(dice.pick(layout.hosts).name) }
        try cluster.check()
        for host in layout.keepers where HAProxyRule.sharesPort(host, in: layout) {
          #expect(!(host.name == holder && cluster.running.contains(host.name)))
        }
        moves += 1
      }
    }
  }
}
