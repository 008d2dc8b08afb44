import Testing

@testable import RegularExpressions

/// Expected values are what Python 3.11's `re` says.
@Suite struct RegularExpressionTests {
  @Test func findsGroupsByNumberAndName() throws {
    let expression = try RegularExpression(#"(?P<key>\w+)=(\d+)?"#)
    let match = try #require(try expression.firstMatch(in: "é a_é=12 b="))
    #expect(match.matched == "a_é=12")
    #expect(match["key"] == "a_é")
    #expect(match[2] == "12")
    let all = try expression.matches(in: "é a_é=12 b=")
    #expect(all.map { $0[2] } == ["12", nil])
    #expect(expression.groupCount == 2)
  }

  @Test(arguments: [
    ("x*", "-", "abxd", 0, "-a-b--d-"),
    (#"(\w+) (\w+)"#, #"\2 \g<1>\n"#, "ab cd", 0, "cd ab\n"),
    ("(?P<n>a)|b", #"[\g<n>]"#, "ab", 0, "[a][]"),
    ("a", "b", "aaaa", 2, "bbaa"),
    ("é", "\\\\", "éé", 0, "\\\\"),
    ("^", "> ", "a\nb", 0, "> a\nb"),
    (#"b\Z"#, "c", "ab\n", 0, "ab\n"),
    ("a{,2}", "x", "aaab", 0, "xxxbx"),
    (#"\u00e9"#, "e", "é", 0, "e"),
    ("$", "!", "a\n", 0, "a!\n!"),
  ])
  func replacesAsPython(
    pattern: String, template: String, text: String, count: Int, expected: String
  ) throws {
    let expression = try RegularExpression(pattern)
    #expect(try expression.replacing(in: text, with: template, count: count) == expected)
  }

  @Test func heedsOptions() throws {
    #expect(try RegularExpression("ÄB", .ignoreCase).fullMatch("äb") != nil)
    #expect(try RegularExpression("^b$", .multiline).firstMatch(in: "a\nb\nc") != nil)
    #expect(try RegularExpression("^b$").firstMatch(in: "a\nb\nc") == nil)
    #expect(try RegularExpression("a.b", .dotAll).fullMatch("a\nb") != nil)
    #expect(try RegularExpression("a").fullMatch("ab") == nil)
    #expect(try RegularExpression("b").prefixMatch(in: "ab") == nil)
  }

  @Test func searchesFromAPlace() throws {
    let text = "aXbX"
    let first = try #require(try RegularExpression("X").firstMatch(in: text))
    let second = try RegularExpression("X").firstMatch(in: text, from: first.range.upperBound)
    #expect(second?.range.lowerBound == text.index(text.startIndex, offsetBy: 3))
  }

  @Test func refusesWhatIsNoPattern() {
    let error = #expect(throws: RegularExpressionError.self) { try RegularExpression("a(b") }
    #expect(error?.kind == .pattern)
    #expect(error?.offset == 3)
  }

  @Test(arguments: [#"\2"#, #"\g<x>"#, #"\q"#, #"\"#])
  func refusesBadReplacements(template: String) throws {
    let expression = try RegularExpression("(a)")
    let error = #expect(throws: RegularExpressionError.self) {
      try expression.replacing(in: "a", with: template)
    }
    #expect(error?.kind == .replacement)
  }

  @Test func givesUpOnWhatTakesForEver() throws {
    let expression = try RegularExpression("(a+)+$")
    let error = #expect(throws: RegularExpressionError.self) {
      try expression.firstMatch(in: String(repeating: "a", count: 40) + "b")
    }
    #expect(error?.kind == .limit)
  }

  @Test func escapes() {
    #expect(RegularExpression.escape("a.b-c /é") == #"a\.b\-c\ /é"#)
  }
}
