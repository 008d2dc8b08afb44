import Testing

@testable import Planning

/// Which tasks `--tags` and `--skip-tags` choose.
struct TagSelectionTests {
  @Test(
    arguments: [
      ([], [], [], true), ([], [], ["never"], false), ([], [], ["always"], true),
      (["x"], [], [], false), (["x"], [], ["x"], true), (["x"], [], ["y", "x"], true),
      (["x"], [], ["always"], true), (["x"], [], ["never"], false),
      (["x"], [], ["never", "x"], true),
      (["never"], [], ["never"], true), (["all"], [], ["never"], false),
      (["tagged"], [], [], false), (["tagged"], [], ["x"], true),
      (["tagged"], [], ["never"], false), (["untagged"], [], [], true),
      (["untagged"], [], ["x"], false), (["untagged"], [], ["always"], true),
      ([], ["x"], ["x"], false), ([], ["x"], [], true), ([], ["always"], ["always"], false),
      ([], ["all"], ["x"], false), ([], ["all"], ["always"], true), ([], ["tagged"], ["x"], false),
      ([], ["untagged"], [], false), (["x"], ["y"], ["x", "y"], false),
      ([], ["x"], ["always", "x"], false),
    ] as [([String], [String], [String], Bool)])
  func chooses(_ only: [String], _ skipped: [String], _ tags: [String], _ isChosen: Bool) {
    #expect(TagSelection(only: only, skipped: skipped).includes(tags) == isChosen)
  }
}
