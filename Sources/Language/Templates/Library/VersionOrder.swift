/// Which of two versions is the later one.
struct VersionOrder {
  private let type: String

  init(_ type: String) throws(TemplateError) {
    guard ["loose", "strict", "semver", "semantic", "pep440"].contains(type) else {
      throw TemplateError(
        .other,
        "Invalid version type (\(type)). Must be one of loose, strict, semver, semantic, "
          + "pep440")
    }
    self.type = type
  }

  /// Below, at or above zero, as `left` is before, the same as or after `right`.
  func compare(_ left: String, _ right: String) throws(TemplateError) -> Int {
    if left.isEmpty || right.isEmpty {
      throw TemplateError(.other, "Input version value cannot be empty")
    }
    switch type {
    case "semver", "semantic": return try compareSemantic(left, right)
    case "pep440", "strict": return compareReleases(left, right)
    default: return try compareLoose(left, right)
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

  // MARK: Semantic

  private func compareSemantic(_ left: String, _ right: String) throws(TemplateError) -> Int {
    let (one, other) = (try semantic(left), try semantic(right))
    for (a, b) in zip(one.core, other.core) where a != b { return a < b ? -1 : 1 }
    switch (one.preRelease.isEmpty, other.preRelease.isEmpty) {
    case (true, true): return 0
    case (true, false): return 1
    case (false, true): return -1
    case (false, false): break
    }
    for (a, b) in zip(one.preRelease, other.preRelease) where a != b {
      switch (Int(a), Int(b)) {
      case (let a?, let b?): return a < b ? -1 : 1
      case (_?, nil): return -1
      case (nil, _?): return 1
      case (nil, nil): return Comparison.order(a, b)
      }
    }
    return one.preRelease.count - other.preRelease.count
  }

  private func semantic(
    _ version: String
  ) throws(TemplateError) -> (core: [Int], preRelease: [String]) {
    let release = version.split(separator: "+", maxSplits: 1)[0]
    let halves = release.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let core = halves[0].split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard core.count == 3, !core.contains(nil) else {
      throw TemplateError(.other, "invalid semantic version '\(version)'")
    }
    let labels = halves.count > 1 ? halves[1].split(separator: ".").map(String.init) : []
    return (core.compactMap { $0 }, labels)
  }

  // MARK: Releases

  /// Numbers, missing ones being zero; what follows `a`, `b`, `rc` or `dev` comes before.
  private func compareReleases(_ left: String, _ right: String) -> Int {
    let (one, other) = (release(left), release(right))
    for index in 0..<max(one.numbers.count, other.numbers.count) {
      let a = index < one.numbers.count ? one.numbers[index] : 0
      let b = index < other.numbers.count ? other.numbers[index] : 0
      if a != b { return a < b ? -1 : 1 }
    }
    if one.phase != other.phase { return one.phase < other.phase ? -1 : 1 }
    return one.phaseNumber == other.phaseNumber ? 0 : one.phaseNumber < other.phaseNumber ? -1 : 1
  }

  private func release(_ version: String) -> (numbers: [Int], phase: Int, phaseNumber: Int) {
    let text = version.lowercased().drop { $0 == "v" }
    let core = text.prefix { $0.isNumber || $0 == "." }
    let numbers = core.split(separator: ".").map { Int($0) ?? 0 }
    let rest = text[core.endIndex...].drop { "-_.".contains($0) }
    let phases = [
      ("dev", -4), ("alpha", -3), ("a", -3), ("beta", -2), ("b", -2), ("rc", -1), ("c", -1),
      ("post", 1),
    ]
    for (name, phase) in phases where rest.hasPrefix(name) {
      let number = rest.dropFirst(name.count).drop { !$0.isNumber }.prefix { $0.isNumber }
      return (numbers, phase, Int(number) ?? 0)
    }
    return (numbers, 0, 0)
  }
}
