import OrderedCollections
import Testing

@testable import Values

/// Expected texts are what Python 3.11's `json` reads and writes.
@Suite struct JSONTests {
  @Test(arguments: [
    ("null", Value.null), (" true ", true), ("-12", -12), ("1.0", .float(1)), ("1e3", .float(1000)),
    ("12345678901234567890", .float(0x1.56a95319d63e1p63)),
    ("\"a\\n\\u00e9\\ud83d\\ude00\\/\"", "a\né😀/"),
    ("[1, [], {}]", .list([1, .list([]), .dict([:])])),
    ("{\"b\": 1, \"a\": {\"c\": null}}", .dict(["b": 1, "a": .dict(["c": .null])])),
  ])
  func reads(text: String, expected: Value) throws {
    #expect(try Value(json: text) == expected)
  }

  @Test(arguments: [
    "", "[1", "{\"a\" 1}", "{a: 1}", "tru", "1 2", "\"a", "[1,]", "+1", ".5", "\"\\x\"",
    String(repeating: "[", count: 5000),
  ])
  func refuses(text: String) {
    #expect(throws: JSONError.self) { try Value(json: text) }
  }

  @Test func writesAsPython() {
    let value: Value = [
      "b": [1, .float(2), "é\"\n\u{7f}"], "a": nil, "e": .dict([:]), "f": .list([]),
    ]
    #expect(
      value.json() == #"{"b": [1, 2.0, "\u00e9\"\n\u007f"], "a": null, "e": {}, "f": []}"#)
    var style = JSONStyle()
    style.indent = 4
    style.sortsKeys = true
    style.isASCII = false
    #expect(
      value.json(style)
        == "{\n    \"a\": null,\n    \"b\": [\n        1,\n        2.0,\n        \"é\\\"\\n\u{7f}\"\n    ],\n    \"e\": {},\n    \"f\": []\n}"
    )
    #expect(Value.string("😀").json() == #""\ud83d\ude00""#)
    #expect(
      value.json(.compact) == "{\"b\":[1,2.0,\"é\\\"\\n\u{7f}\"],\"a\":null,\"e\":{},\"f\":[]}")
  }

  @Test(arguments: [
    (0.1 + 0.2, "0.30000000000000004"), (1e16, "1e+16"), (1e15, "1000000000000000.0"),
    (1.5e-7, "1.5e-07"), (0.0001, "0.0001"), (-0.0, "-0.0"), (123.456, "123.456"),
    (1e300, "1e+300"),
  ])
  func describesNumbersAsPython(number: Double, expected: String) {
    #expect(number.pythonDescription == expected)
  }
}
