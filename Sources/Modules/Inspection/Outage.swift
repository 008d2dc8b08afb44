/// One request of a drill's probe.
package struct ProbeSample: Hashable, Sendable {
  /// When it was sent, in milliseconds since 1970.
  package var start: Int
  /// When it was answered or given up.
  package var end: Int
  package var isAnswered: Bool

  package init(start: Int, end: Int, isAnswered: Bool) {
    self.start = start
    self.end = end
    self.isAnswered = isAnswered
  }

  /// Lines `START END STATUS`, times in nanoseconds, in whatever order they came.
  package static func samples(in text: String) -> [ProbeSample] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 3, let start = Int(words[0]), let end = Int(words[1]) else {
        return nil
      }
      return ProbeSample(
        start: start / 1_000_000, end: end / 1_000_000, isAnswered: words[2] == "200")
    }.sorted { $0.start < $1.start }
  }
}

/// A time in which requests failed: from the first that failed to the first answer behind them.
package struct Outage: Hashable, Sendable {
  /// When the first failed request was sent, in milliseconds since 1970.
  package var start: Int
  /// When the first request behind them was answered; nil where none was.
  package var end: Int?
  /// How many requests failed.
  package var failures: Int

  package init(start: Int, end: Int?, failures: Int) {
    self.start = start
    self.end = end
    self.failures = failures
  }

  /// All outages, in the order of time; samples are sorted by their start.
  ///
  /// A failed request that was sent before the answer to an earlier one came belongs to the outage
  /// that this answer would have ended.
  package static func outages(in samples: [ProbeSample]) -> [Outage] {
    var outages: [Outage] = []
    var current: Outage?
    for sample in samples {
      if !sample.isAnswered {
        if current == nil, let last = outages.last, let end = last.end, sample.start <= end {
          current = outages.removeLast()
          current?.end = nil
        }
        current = current ?? Outage(start: sample.start, end: nil, failures: 0)
        current?.failures += 1
      } else if var outage = current {
        outage.end = sample.end
        outages.append(outage)
        current = nil
      }
    }
    if let current { outages.append(current) }
    return outages
  }

  /// Its length in milliseconds; where no answer came, up to `last`.
  package func length(until last: Int) -> Int { (end ?? last) - start }
}
