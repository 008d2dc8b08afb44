internal import Values

/// Python's methods of text that say what it is made of.
enum TextQuestions {
  static let all: [LibraryFunction] = [
    question("isdigit") {
      $0.properties.numericType == .digit || $0.properties.numericType == .decimal
    },
    question("isdecimal") { $0.properties.numericType == .decimal },
    question("isnumeric") { $0.properties.numericType != nil },
    question("isalpha", PythonString.isLetter),
    question("isalnum") { PythonString.isLetter($0) || $0.properties.numericType != nil },
    question("isspace") { PythonString.isSpace($0) },
    LibraryFunction(
      "islower",
      whole: { (call) in
        .bool(call.text == call.text.lowercased() && call.text != call.text.uppercased())
      }),
    LibraryFunction(
      "isupper",
      whole: { (call) in
        .bool(call.text == call.text.uppercased() && call.text != call.text.lowercased())
      }),
    LibraryFunction(
      "isprintable", whole: { .bool($0.text.unicodeScalars.allSatisfy(PythonText.isPrintable)) }),
    LibraryFunction("isascii", whole: { .bool($0.text.utf8.allSatisfy { $0 < 128 }) }),
    LibraryFunction(
      "isidentifier",
      whole: { (call) in
        let scalars = call.text.unicodeScalars
        let starts = scalars.first.map { $0 == "_" || $0.properties.isXIDStart } ?? false
        return .bool(starts && scalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue })
      }),
    LibraryFunction(
      "istitle",
      whole: { (call) in
        .bool(PythonString.title(call.text) == call.text && call.text.contains(where: \.isLetter))
      }),
  ]

  private static func question(
    _ name: String, _ test: @escaping @Sendable (Unicode.Scalar) -> Bool
  ) -> LibraryFunction {
    LibraryFunction(
      name,
      whole: { (call) in
        .bool(!call.text.isEmpty && call.text.unicodeScalars.allSatisfy(test))
      })
  }
}
