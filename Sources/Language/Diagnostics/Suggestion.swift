/// Finds the name that somebody probably meant.
package enum Suggestion {
  /// The candidate nearest to `name`, if it is near enough to be a slip of the finger.
  package static func closest(to name: String, in candidates: some Sequence<String>) -> String? {
    let limit = max(1, min(3, name.count / 3))
    var best: (name: String, distance: Int)?
    for candidate in candidates where abs(candidate.count - name.count) <= limit {
      let distance = editDistance(name.lowercased(), candidate.lowercased())
      if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// ``did you mean `x`?``, or nil.
  package static func didYouMean(
    _ name: String, in candidates: some Sequence<String>
  ) -> String? {
    closest(to: name, in: candidates).map { "did you mean `\($0)`?" }
  }

  /// Levenshtein's distance with neighbours' swaps (optimal string alignment).
  private static func editDistance(_ left: String, _ right: String) -> Int {
    let a = Array(left.unicodeScalars)
    let b = Array(right.unicodeScalars)
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i] + [Int](repeating: 0, count: b.count)
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          row[j] = min(row[j], beforeLast[j - 2] + 1)
        }
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
