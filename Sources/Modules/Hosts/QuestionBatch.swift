/// Several questions as one script, and its output as their answers: one round trip.
package struct QuestionBatch: Sendable {
  package var questions: [Question]
  /// Told apart from anything a question says by 128 random bits.
  private let nonce: String

  package init(_ questions: [Question]) {
    self.questions = questions
    nonce = (0..<4).map { _ in String(UInt32.random(in: .min ... .max), radix: 16) }.joined()
  }

  /// The script. Each question runs in its own subshell; a failure of one is that one's answer.
  package var script: String {
    var text = """
      q() { ( eval "$2" ) </dev/null; q_s=$?; printf '\\n%s %d\\n' "$1" "$q_s"; printf '\\n%s\\n' "$1" >&2; }

      """
    for (index, question) in questions.enumerated() {
      text += "q \(nonce).\(index) \(Shell.quote(question.script))\n"
    }
    return text
  }

  /// The answers, in the questions' order.
  package func answers(in output: CommandOutput) throws(HostError) -> [CommandOutput] {
    var answers: [CommandOutput] = []
    var out = output.standardOutput[...]
    var err = output.standardError[...]
    for index in questions.indices {
      let mark = Array("\n\(nonce).\(index)".utf8)
      guard let end = Self.find(mark, in: out), let errorEnd = Self.find(mark, in: err),
        let newline = out[(end + mark.count)...].firstIndex(of: UInt8(ascii: "\n")),
        let status = Int32(
          String(decoding: out[(end + mark.count + 1)..<newline], as: UTF8.self))
      else {
        throw HostError(
          .probeFailed, "the host's answers broke off after \(index) of \(questions.count)",
          output: output)
      }
      answers.append(
        CommandOutput(
          status: status, standardOutput: Array(out[..<end]),
          standardError: Array(err[..<errorEnd])))
      out = out[(newline + 1)...]
      err = err[min(err.endIndex, errorEnd + mark.count + 1)...]
    }
    return answers
  }

  /// The index at which `mark` begins.
  private static func find(_ mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= mark.count else { return nil }
    return bytes.withUnsafeBufferPointer { text in
      var index = 0
      let last = text.count - mark.count
      while index <= last {
        if text[index] == mark[0], mark.indices.allSatisfy({ text[index + $0] == mark[$0] }) {
          return bytes.startIndex + index
        }
        index += 1
      }
      return nil
    }
  }
}
