import ArgumentParser
import Diagnostics
import Documents
import Glibc
import Settings

/// `vault encrypt-string`: texts as YAML values.
struct VaultEncryptStringCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encrypt-string", abstract: "Encrypt texts as values for YAML files.",
    aliases: ["encrypt_string"])

  @OptionGroup var passwords: VaultPasswordArguments
  @OptionGroup var encryption: VaultEncryptionArguments
  @OptionGroup var output: VaultOutputArguments
  @Option(
    name: [.customShort("n"), .customLong("name")],
    help: "The variable that a text is for, in the order of the texts (may be repeated).")
  var names: [String] = []
  @Option(name: .customLong("stdin-name"), help: "The variable that standard input is for.")
  var stdinName: String?
  @Flag(name: [.customShort("p"), .customLong("prompt")], help: "Ask for the text.")
  var prompts = false
  @Flag(name: .customLong("show-input"), help: "Show the text while it is typed.")
  var showsInput = false
  @Argument(help: "The texts; - or none for standard input.") var texts: [String] = []

  /// A text to encrypt.
  private struct Plain {
    var name: String?
    var text: [UInt8]
    /// Where it comes from, for people.
    var source: String
  }

  func run() throws {
    try VaultCommand.perform { () throws(Diagnostics) in
      let settings = try Settings.load()
      try output.check(texts)
      let password = try encryption.password(
        among: passwords.passwords(settings, isNew: true), settings)
      let plains = try plains()
      var yaml = ""
      for (index, plain) in plains.enumerated() {
        if plain.text.isEmpty {
          throw Diagnostics(
            Diagnostic(.error, "the text from \(plain.source) is empty: nothing is encrypted"))
        }
        if plains.count > 1 {
          let what = plain.name.map { "variable (\"\($0)\", the string" } ?? "the string"
          TextFile.standardError(
            "# The encrypted version of \(what) #\(index + 1) from \(plain.source)).\n")
        }
        let text = String(decoding: password.encrypt(plain.text, settings), as: UTF8.self)
        yaml += Self.yaml(text, name: plain.name)
      }
      try VaultFile.write(Array(yaml.utf8), to: output.output ?? "-")
    }
  }

  /// What is asked for, then standard input, then the arguments.
  private func plains() throws(Diagnostics) -> [Plain] {
    var plains: [Plain] = []
    var names = names[...]
    if prompts { plains.append(try prompted(name: names.popFirst())) }
    if texts.contains("-") || (texts.isEmpty && !prompts) {
      plains.append(Plain(name: stdinName, text: try VaultFile.read("-"), source: "stdin"))
    }
    let arguments = texts.filter { $0 != "-" }
    if !arguments.isEmpty, !names.isEmpty, names.count != arguments.count {
      TextFile.standardError(
        "There are \(arguments.count) texts and \(names.count) names: they go by their order.\n")
    }
    for text in arguments {
      plains.append(
        Plain(
          name: names.popFirst(), text: Array(text.utf8), source: "the command line args"))
    }
    return plains
  }

  private func prompted(name: String?) throws(Diagnostics) -> Plain {
    let name = name ?? Prompt.terminalLine("Variable name (enter for no name): ")
    let words = showsInput ? "String to encrypt: " : "String to encrypt (hidden): "
    let text = showsInput ? Prompt.terminalLine(words) : Prompt.password(words)
    guard let text else {
      throw Diagnostics(
        Diagnostic(
          .error, "can't ask for the text: there is no terminal",
          help: "give it by standard input: `… | orchestrate vault encrypt-string`"))
    }
    if !showsInput, Prompt.password("Confirm string to encrypt (hidden): ") != text {
      throw Diagnostics(Diagnostic(.error, "the two texts aren't the same"))
    }
    let isNamed = !(name ?? "").isEmpty
    return Plain(name: isNamed ? name : nil, text: Array(text.utf8), source: "the prompt")
  }

  /// `name: !vault |` and the text below it, as far to the right as `ansible-vault` has it.
  private static func yaml(_ text: String, name: String?) -> String {
    let lines = text.split(separator: "\n").map { "          \($0)\n" }.joined()
    return "\(name.map { "\($0): " } ?? "")!vault |\n\(lines)"
  }
}
