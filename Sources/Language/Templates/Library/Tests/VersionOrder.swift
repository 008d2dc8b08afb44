internal import Values

/// Which of two versions is the later one.
struct VersionOrder {
  private let type: String

  init(_ type: String) throws(TemplateError) {
    guard ["loose", "strict", "semver", "semantic", "pep440"].contains(type) else {
      throw TemplateError(
        .other,
        "Invalid version type (\(type)). Must be one of 'loose', 'strict', 'semver', 'semantic', "
          + "'pep440'")
    }
    self.type = type
  }

  /// Below, at or above zero, as `left` is before, the same as or after `right`.
  func compare(_ left: String, _ right: String) throws(TemplateError) -> Int {
    switch type {
    case "semver", "semantic":
      try SemanticVersion(left).compare(try SemanticVersion(right))
    case "pep440": try ReleaseVersion(left).compare(try ReleaseVersion(right))
    case "strict": try compareStrict(left, right)
    default: try compareLoose(left, right)
    }
  }

  // MARK: Loose

  private enum Part {
    case number(Int)
    case word(String)
  }

  /// Runs of digits and of letters; other characters stand alone, dots divide.
  private func parts(_ version: String) -> [Part] {
    var parts: [Part] = []
    var rest = version.unicodeScalars[...]
    while let first = rest.first {
      if first == "." {
        rest.removeFirst()
        continue
      }
      let isDigit = ("0"..."9").contains(first)
      let isLetter = ("a"..."z").contains(first)
      let run = rest.prefix {
        $0 != "."
          && (("0"..."9").contains($0) == isDigit) && (("a"..."z").contains($0) == isLetter)
      }
      let text = String(run)
      parts.append(isDigit ? Int(text).map { .number($0) } ?? .word(text) : .word(text))
      rest = rest[run.endIndex...]
    }
    return parts
  }

  private func compareLoose(_ left: String, _ right: String) throws(TemplateError) -> Int {
    let (one, other) = (parts(left), parts(right))
    for (part, counterpart) in zip(one, other) {
      switch (part, counterpart) {
      case (.number(let a), .number(let b)): if a != b { return a < b ? -1 : 1 }
      case (.word(let a), .word(let b)): if a != b { return Comparison.order(a, b) }
      default:
        throw TemplateError(
          .type,
          "Version comparison failed: '<' not supported between instances of 'str' and 'int'",
          help: "`\(left)` and `\(right)` aren't built alike")
      }
    }
    return one.count - other.count
  }

  // MARK: Strict

  /// Two or three numbers, and `a` or `b` with a number, which comes before.
  private func strict(_ version: String) throws(TemplateError) -> [Int] {
    var rest = version[...]
    func number() -> Int? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest[digits.endIndex...]
      return Int(digits)
    }
    let invalid = TemplateError(
      .other, "Version comparison failed: invalid version number '\(version)'")
    var numbers: [Int] = []
    repeat {
      guard let next = number() else { throw invalid }
      numbers.append(next)
      guard rest.first == "." else { break }
      rest.removeFirst()
    } while true
    guard (2...3).contains(numbers.count) else { throw invalid }
    numbers += [Int](repeating: 0, count: 3 - numbers.count)
    guard let letter = rest.popFirst() else { return numbers + [1, 0] }
    guard letter == "a" || letter == "b", let label = number(), rest.isEmpty else { throw invalid }
    return numbers + [letter == "a" ? -1 : 0, label]
  }

  private func compareStrict(_ left: String, _ right: String) throws(TemplateError) -> Int {
    for (a, b) in zip(try strict(left), try strict(right)) where a != b { return a < b ? -1 : 1 }
    return 0
  }
}

/// A version as semver.org 2.0 has it.
struct SemanticVersion {
  private let core: [Int]
  private let labels: [String]

  init(_ version: String) throws(TemplateError) {
    let invalid = TemplateError(
      .other, "Version comparison failed: invalid semantic version '\(version)'")
    let release = version.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    let halves = release[0].split(
      separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    func number(_ text: Substring) -> Int? {
      let isPlain = text == "0" || !text.hasPrefix("0") && !text.hasPrefix("+")
      return isPlain ? Int(text) : nil
    }
    let core = halves[0].split(separator: ".", omittingEmptySubsequences: false).map(number)
    guard core.count == 3, !core.contains(nil) else { throw invalid }
    self.core = core.compactMap { $0 }
    guard halves.count > 1 else {
      labels = []
      return
    }
    let labels = halves[1].split(separator: ".", omittingEmptySubsequences: false)
    func isLabel(_ label: Substring) -> Bool {
      let isNumber = label.allSatisfy { $0.isASCII && $0.isNumber }
      return !label.isEmpty && (!isNumber || number(label) != nil)
        && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
    guard labels.allSatisfy(isLabel) else { throw invalid }
    self.labels = labels.map(String.init)
  }

  func compare(_ other: SemanticVersion) -> Int {
    for (a, b) in zip(core, other.core) where a != b { return a < b ? -1 : 1 }
    if labels.isEmpty || other.labels.isEmpty {
      return labels.isEmpty == other.labels.isEmpty ? 0 : labels.isEmpty ? 1 : -1
    }
    for (a, b) in zip(labels, other.labels) where a != b {
      switch (Int(a), Int(b)) {
      case (let a?, let b?): return a < b ? -1 : 1
      case (_?, nil): return -1
      case (nil, _?): return 1
      case (nil, nil): return Comparison.order(a, b)
      }
    }
    return labels.count - other.labels.count
  }
}
