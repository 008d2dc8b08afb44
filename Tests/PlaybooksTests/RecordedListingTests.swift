import Diagnostics
import Playbooks
import Testing

/// Plays, tasks and tags are those that ansible-core lists; Scripts/record-playbooks asks it.
@Suite struct RecordedListingTests {
  @Test(arguments: PlaybookCase.all(in: "Listings"))
  func listsAsAnsible(_ testCase: PlaybookCase) throws {
    let recorded = try testCase.recorded("listing")
    do throws(Diagnostics) {
      let listing = PlaybookListing(try testCase.reader.read("site.yml"))
      #expect(listing.description(of: "site.yml") == recorded)
    } catch {
      Issue.record("\(error.all.map { DiagnosticRenderer().render($0) }.joined())")
    }
  }

  @Test func thereAreCases() {
    #expect(PlaybookCase.all(in: "Listings").count >= 25)
    #expect(PlaybookCase.all(in: "Mistakes").count >= 25)
  }
}
