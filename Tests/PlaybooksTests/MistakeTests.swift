import Diagnostics
import Playbooks
import Testing

/// Wrong playbooks are refused with all that is wrong, each with its place and what to do.
@Suite struct MistakeTests {
  @Test(arguments: PlaybookCase.all(in: "Mistakes"))
  func saysWhatIsWrong(_ testCase: PlaybookCase) throws {
    let expected = try testCase.recorded("diagnostics")
    var actual = ""
    do throws(Diagnostics) {
      _ = try testCase.reader.read("site.yml")
    } catch {
      actual = error.all.map { DiagnosticRenderer().render($0) }.joined()
    }
    #expect(actual == expected)
  }
}
