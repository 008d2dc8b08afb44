internal import Hosts

/// What a host has answered, until something touches what the answers are about.
///
/// Probes never write, so asking ahead does no harm; an answer can only be out of date. Answers
/// about what other hosts or time can change are never kept.
struct AnswerCache: Sendable {
  private struct Key: Hashable {
    var script: String
    var become: Become?
  }

  private struct Entry {
    var answer: CommandOutput
    var subjects: [Subject]
  }

  private var entries: [Key: Entry] = [:]

  func answer(to question: Question, as become: Become?) -> CommandOutput? {
    entries[Key(script: question.script, become: become)]?.answer
  }

  mutating func keep(_ answer: CommandOutput, to question: Question, as become: Become?) {
    guard !question.subjects.contains(where: \.isVolatile) else { return }
    entries[Key(script: question.script, become: become)] = Entry(
      answer: answer, subjects: question.subjects)
  }

  /// Forgets what these subjects may have changed.
  mutating func forget(_ touched: [Subject]) {
    guard !touched.isEmpty, !entries.isEmpty else { return }
    if touched.contains(.everything) {
      entries.removeAll()
      return
    }
    entries = entries.filter { entry in
      !touched.contains { change in entry.value.subjects.contains { change.covers($0) } }
    }
  }
}
