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
  /// Those about files are answered together, and so is whether units are enabled.
  package var script: String {
    let fileIndices = questions.indices.filter { questions[$0].file != nil }
    let unitIndices = questions.indices.filter { questions[$0].unit != nil }
    var text = Self.functions
    if !fileIndices.isEmpty { text += FileQuestion.shellFunctions }
    if !unitIndices.isEmpty { text += UnitQuestion.shellFunctions }
    var files = 0
    var units = 0
    for (index, question) in questions.enumerated() {
      let mark = "\(nonce).\(index)"
      if question.file != nil {
        if files.isMultiple(of: Self.preparedTogether) {
          let chunk = fileIndices[files...].prefix(Self.preparedTogether)
          text += FileQuestion.shellPreparation(chunk.compactMap { questions[$0].file })
        }
        files += 1
        text += "p \(mark) \(question.script)\n"
      } else if question.unit != nil {
        let place = units % Self.preparedTogether
        if place == 0 {
          let chunk = unitIndices[units...].prefix(Self.preparedTogether)
          text += UnitQuestion.shellPreparation(chunk.compactMap { questions[$0].unit })
        }
        units += 1
        text += "p \(mark) \(question.script) \(place)\n"
      } else {
        text += "q \(mark) \(Shell.quote(question.script))\n"
      }
    }
    return text
  }

  /// `q MARK SCRIPT` runs a script in a subshell, `p MARK WORDS` a function that needs none.
  private static let functions = #"""
    m() { printf '\n%s %d\n' "$1" "$2"; printf '\n%s\n' "$1" >&2; }
    q() { ( eval "$2" ) </dev/null; m "$1" $?; }
    p() { q_m=$1; shift; "$@" </dev/null; m "$q_m" $?; }

    """#

  /// How many one program tells about: the shell looks each up in the whole answer.
  private static let preparedTogether = 200

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
