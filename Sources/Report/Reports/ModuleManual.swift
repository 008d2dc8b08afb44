package import ModuleKit
internal import Values

/// The manual of the modules as Markdown, made from what they declare.
package struct ModuleManual: Sendable {
  private let pages: [ModuleDocumentation]

  package init(_ registry: ModuleRegistry) {
    pages = registry.entries.map(\.documentation).sorted { $0.name < $1.name }
  }

  /// The whole manual.
  package var text: String {
    var text = """
      # Modules

      Generated from the modules' own declarations by `orchestrate doc --write`.


      """
    text += pages.map { "- [`\($0.name)`](#\($0.name)): \($0.summary)\n" }.joined()
    for documentation in pages { text += "\n" + page(documentation) }
    return text
  }

  /// One module's page.
  package func page(_ documentation: ModuleDocumentation) -> String {
    var text = "## \(documentation.name)\n\n\(documentation.summary)\n"
    if !documentation.aliases.isEmpty {
      text += "\nAlso: " + documentation.aliases.map { "`\($0)`" }.joined(separator: ", ") + ".\n"
    }
    for note in documentation.notes { text += "\n\(note)\n" }
    if !documentation.arguments.isEmpty {
      text += "\n| argument | type | default | meaning |\n|---|---|---|---|\n"
      text += documentation.arguments.map(row).joined()
    }
    if !documentation.results.isEmpty {
      text += "\n| result | meaning |\n|---|---|\n"
      text += documentation.results.map { "| `\($0.name)` | \(cell($0.summary)) |\n" }.joined()
    }
    let example = documentation.example
    return text + "\n```yaml\n\(example)\(example.hasSuffix("\n") ? "" : "\n")```\n"
  }

  private func row(_ argument: ArgumentSpecification) -> String {
    var meaning = argument.summary
    if !argument.choices.isEmpty {
      meaning += " One of " + Self.words(argument.choices).joined(separator: ", ") + "."
    }
    if !argument.aliases.isEmpty {
      meaning += " Also: " + argument.aliases.map { "`\($0)`" }.joined(separator: ", ") + "."
    }
    if argument.isSecret { meaning += " Secret." }
    let fallback =
      argument.isRequired
      ? "required" : argument.defaultValue.flatMap { Self.words(["\($0)"]).first } ?? ""
    return "| `\(argument.name)` | \(argument.kind.rawValue) | \(fallback) | \(cell(meaning)) |\n"
  }

  /// Values as they are written in a playbook, each once: a newline is `\n` in a table, too.
  private static func words(_ values: [String]) -> [String] {
    var words: [String] = []
    for value in values {
      // By scalars, since CR and LF together are one character.
      let written = value.unicodeScalars.map { scalar in
        scalar == "\r" ? "\\r" : scalar == "\n" ? "\\n" : String(scalar)
      }
      let word = "`\(written.joined())`"
      if !words.contains(word) { words.append(word) }
    }
    return words
  }

  private func cell(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("\n", with: " ")
  }
}
