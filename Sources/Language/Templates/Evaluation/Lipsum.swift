internal import Values

/// `lipsum(…)`: paragraphs that mean nothing, for layouts.
enum Lipsum {
  private static let words = [
    "a", "ac", "accumsan", "ad", "aenean", "aliquam", "aliquet", "amet", "ante", "arcu", "at",
    "auctor", "augue", "bibendum", "commodo", "congue", "consequat", "cras", "curabitur",
    "cursus", "dapibus", "diam", "dictum", "dolor", "donec", "dui", "egestas", "eget", "elit",
    "enim", "est", "et", "etiam", "eu", "facilisi", "felis", "fringilla", "fusce", "gravida",
    "habitant", "iaculis", "id", "imperdiet", "in", "integer", "ipsum", "justo", "lacinia",
    "lacus", "lectus", "leo", "libero", "lobortis", "lorem", "luctus", "magna", "massa", "mauris",
    "metus", "mi", "mollis", "morbi", "nam", "nec", "neque", "nibh", "nisi", "nulla", "nunc",
    "odio", "orci", "ornare", "pede", "porta", "posuere", "purus", "quam", "quis", "risus",
    "rutrum", "sapien", "sed", "sem", "semper", "sit", "sodales", "tellus", "tempor", "tortor",
    "turpis", "ultrices", "urna", "ut", "varius", "vel", "velit", "vitae", "viverra", "volutpat",
  ]

  static func call(
    _ arguments: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    func number(_ name: String, _ index: Int, _ standard: Int) throws(TemplateError) -> Int {
      let named = arguments.keyword.first { $0.name == name }?.value
      let positional =
        arguments.positional.indices.contains(index) ? arguments.positional[index] : nil
      guard let operand = named ?? positional else { return standard }
      guard let count = try evaluator.value(of: operand).unmarked().pythonInt else {
        throw TemplateError(.type, "lipsum() takes integers")
      }
      return count
    }
    let count = try number("n", 0, 5)
    let isHTML = try number("html", 1, 1) != 0
    let (least, most) = (try number("min", 2, 20), try number("max", 3, 100))
    guard (0...10_000).contains(count), least >= 0, most <= 10_000 else {
      throw TemplateError(.limit, "lipsum makes no more than 10000 paragraphs of 10000 words")
    }
    guard least < most else { throw TemplateError(.other, "empty range for randrange()") }
    let paragraphs = (0..<count).map { _ in paragraph(.random(in: least..<most)) }
    try evaluator.session.grow(by: paragraphs.reduce(0) { $0 + $1.utf8.count })
    if !isHTML { return .value(.string(paragraphs.joined(separator: "\n\n"))) }
    let text = paragraphs.map { "<p>\($0)</p>" }.joined(separator: "\n")
    return .value(.string(text).marked(evaluator.dialect.isAnsible ? [] : .markup))
  }

  private static func paragraph(_ count: Int) -> String {
    var text = ""
    var startsSentence = true
    for index in 0..<count {
      let word = words.randomElement() ?? "lorem"
      text += index == 0 ? "" : " "
      text += startsSentence ? word.prefix(1).uppercased() + word.dropFirst() : word
      startsSentence = index == count - 1 || Int.random(in: 0..<12) == 0
      if startsSentence { text += "." }
    }
    return text
  }
}
