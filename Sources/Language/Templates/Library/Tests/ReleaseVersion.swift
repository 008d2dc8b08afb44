internal import RegularExpressions
internal import Values

/// A version as Python's packages have it (PEP 440).
struct ReleaseVersion {
  private enum Label {
    case number(Int)
    case word(String)
  }

  private let epoch: Int
  private let release: [Int]
  /// The kind of a pre-release, below 0, and its number; 0 for a release.
  private var phase = (0, 0)
  private let post: Int?
  private let dev: Int?
  private let local: [Label]

  private static let pattern =
    "v?(?:(\\d+)!)?(\\d+(?:\\.\\d+)*)"
    + "(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\\d+)?)?"
    + "(?:(?:-(\\d+))|(?:[-_.]?(post|rev|r)[-_.]?(\\d+)?))?"
    + "(?:[-_.]?(dev)[-_.]?(\\d+)?)?(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?"

  init(_ version: String) throws(TemplateError) {
    let text = PythonString.strip(version, nil).lowercased()
    guard let expression = try? RegularExpression(Self.pattern),
      let match = try? expression.fullMatch(text)
    else {
      throw TemplateError(.other, "Version comparison failed: Invalid version: '\(version)'")
    }
    func number(_ group: Int) -> Int? { match[group].flatMap { Int($0) } }
    epoch = number(1) ?? 0
    var release = (match[2] ?? "").split(separator: ".").map { Int($0) ?? 0 }
    while release.count > 1, release.last == 0 { release.removeLast() }
    self.release = release
    if let name = match[3] {
      phase = (name.hasPrefix("a") ? -3 : name.hasPrefix("b") ? -2 : -1, number(4) ?? 0)
    }
    post = number(5) ?? (match[6] == nil ? nil : number(7) ?? 0)
    dev = match[8] == nil ? nil : number(9) ?? 0
    local = (match[10] ?? "").split { "-_.".contains($0) }.map { part in
      Int(part).map { .number($0) } ?? .word(String(part))
    }
    // What is only in development comes before all pre-releases.
    if phase.0 == 0, post == nil, dev != nil { phase = (-4, 0) }
  }

  func compare(_ other: ReleaseVersion) -> Int {
    if epoch != other.epoch { return epoch < other.epoch ? -1 : 1 }
    for index in 0..<max(release.count, other.release.count) {
      let a = index < release.count ? release[index] : 0
      let b = index < other.release.count ? other.release[index] : 0
      if a != b { return a < b ? -1 : 1 }
    }
    if phase != other.phase { return phase < other.phase ? -1 : 1 }
    if post != other.post { return post ?? -1 < other.post ?? -1 ? -1 : 1 }
    if dev != other.dev { return dev ?? .max < other.dev ?? .max ? -1 : 1 }
    return compareLocal(other)
  }

  /// Numbers come behind words, and more behind less.
  private func compareLocal(_ other: ReleaseVersion) -> Int {
    for (part, counterpart) in zip(local, other.local) {
      switch (part, counterpart) {
      case (.number(let a), .number(let b)): if a != b { return a < b ? -1 : 1 }
      case (.word(let a), .word(let b)): if a != b { return Comparison.order(a, b) }
      case (.number, .word): return 1
      case (.word, .number): return -1
      }
    }
    return local.count - other.local.count
  }
}
