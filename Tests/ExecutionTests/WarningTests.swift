import Diagnostics
import Execution
import Testing

/// Conditions that aren't boolean count by their truth, and people are told.
@Suite(.timeLimit(.minutes(1)))
struct WarningTests {
  @Test(arguments: [RunMode.plan, .apply])
  func aConditionThatIsNoBooleanIsToldOncePerPlace(_ mode: RunMode) async throws {
    var trial = Trial(
      """
      - hosts: a,b
        gather_facts: false
        vars: {text: abc, empty: []}
        tasks:
          - debug: {msg: runs}
            when: text
          - debug: {msg: never}
            when: [true, empty]
            loop: [1, 2]
          - assert: {that: [text, text == 'abc']}
          - debug: {msg: fine}
            when: text == 'abc'
            failed_when: empty
      """)
    trial.mode = mode
    let record = try await trial.run()
    let warnings = record.events.compactMap { event in
      if case .warning(let diagnostic) = event { return diagnostic }
      return nil
    }
    #expect(record.said() == ["runs", "fine"])
    #expect(warnings.map(\.range?.start.line) == [6, 8, 10, 13])
    #expect(warnings.map(\.message).first?.contains("value of type 'str'") == true)
    #expect(warnings.allSatisfy { $0.severity == .warning })
  }
}
