import ArgumentParser
import Diagnostics
import Documents
import Execution
import OrderedCollections
import Templates
import Values
import Variables

/// `orchestrate template`: one template's text, as Jinja2 or Ansible render it.
struct TemplateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "template", abstract: "Render a template.",
    discussion: """
      With Jinja2's own defaults, or with --ansible as the module `template` does. \
      --batch reads JSON lines {"id", "source", "vars", "templates", "options"} and answers each.
      """)

  @Argument(help: "The template; - for standard input.") var file: String?
  @Option(
    name: [.customShort("e"), .customLong("extra-vars")],
    help: ArgumentHelp("Variables: key=value, YAML or JSON, or @file.", valueName: "VARS|@FILE"))
  var extraVars: [String] = []
  @Option(help: ArgumentHelp("A folder of the templates that it names.", valueName: "DIR"))
  var searchPath: [String] = []
  @Flag(help: "Take the newline behind a block away.") var trimBlocks = false
  @Flag(help: "Take the blanks before a block away.") var lstripBlocks = false
  @Flag(help: "Keep the newline at the end of the file.") var keepTrailingNewline = false
  @Option(help: "What is undefined: default, strict or chainable.")
  var undefined: Dialect.Undefinedness?
  @Flag(help: "Escape what is printed for HTML.") var autoescape = false
  @Flag(help: "Keep the type of a template that is one expression; print it as JSON.")
  var native = false
  @Flag(help: "Ansible's defaults, filters, tests and lookups.") var ansible = false
  @Flag(help: "Answer JSON lines of standard input.") var batch = false

  func validate() throws {
    if batch == (file != nil) {
      throw ValidationError(batch ? "--batch reads standard input alone" : "name a template, or -")
    }
  }

  func run() async throws {
    if batch { return TemplateBatch().run() }
    do throws(Diagnostics) {
      TextFile.standardOutput(try rendering())
    } catch {
      for diagnostic in error.all {
        TextFile.standardError(DiagnosticRenderer().render(diagnostic))
      }
      throw ExitStatus.failure.exitCode
    }
  }

  private func rendering() throws(Diagnostics) -> String {
    let source = try source()
    let start = SourceRange(file: source, line: 1, column: 1)
    let template = Template(source.text, at: start, options: options)
    var scope = Scope(
      CommandVariables(all: try variables()),
      resources: SearchPath(folders: folders, wrapping: .standard))
    scope.dialect = dialect
    do throws(TemplateError) {
      let value = try template.evaluate(in: scope)
      if case .string(let text) = value.unmarkedDeeply() { return text }
      return value.unmarkedDeeply().json(.pretty) + "\n"
    } catch {
      throw Diagnostics(error.diagnostic)
    }
  }

  private func source() throws(Diagnostics) -> SourceFile {
    guard let file, file != "-" else {
      return SourceFile(path: "<stdin>", text: TextFile.read("/dev/stdin") ?? "")
    }
    guard let text = TextFile.read(file) else {
      throw Diagnostics(Diagnostic(.error, "can't read \(file)"))
    }
    return SourceFile(path: file, text: text)
  }

  private var options: TemplateOptions {
    var options = ansible ? TemplateOptions.file : .plain
    options.trimBlocks = trimBlocks || ansible
    options.lstripBlocks = lstripBlocks
    options.keepsTrailingNewline = keepTrailingNewline || ansible
    if native { options.form = .native }
    return options
  }

  private var dialect: Dialect {
    var dialect = ansible ? Dialect.ansible : .jinja
    if let undefined { dialect.undefined = undefined }
    dialect.autoescapes = autoescape
    return dialect
  }

  private var folders: [String] {
    if !searchPath.isEmpty { return searchPath }
    guard let file, let slash = file.lastIndex(of: "/") else { return ["."] }
    return [String(file[...slash])]
  }

  /// What plain Jinja2 is given is data; Ansible's variables may hold templates.
  private func variables() throws(Diagnostics) -> [String: Variable] {
    var all: [String: Variable] = [:]
    for (name, expression) in try ExtraVariables.written(extraVars, reader: YAMLReader()) {
      all[name] = ansible ? .expression(expression) : .value(expression.data)
    }
    return all
  }
}

extension Dialect.Undefinedness: ExpressibleByArgument {}

/// The variables of one rendering.
struct CommandVariables: VariableSource {
  var all: [String: Variable]

  func variable(named name: String) -> Variable? { all[name] }

  var names: [String] { Array(all.keys) }
}
