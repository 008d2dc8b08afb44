package import Values

/// How a template is read.
package struct TemplateOptions: Hashable, Sendable {
  /// What the text is.
  package enum Form: Hashable, Sendable {
    /// Text with `{{ }}`; one sole expression keeps its type.
    case native
    /// Always makes text: a template file.
    case text
    /// A bare expression without braces: `when:`, `until:`, `var:`.
    case expression
  }

  /// Statements that Jinja2 has by an extension; Ansible has them all.
  package struct Extensions: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `{% do %}`.
    package static let evaluation = Extensions(rawValue: 1)
    /// `{% break %}` and `{% continue %}`.
    package static let loopControls = Extensions(rawValue: 2)
  }

  package var form: Form = .native
  package var trimBlocks = true
  package var lstripBlocks = false
  package var keepsTrailingNewline = true
  package var variableStart = "{{"
  package var variableEnd = "}}"
  package var blockStart = "{%"
  package var blockEnd = "%}"
  package var commentStart = "{#"
  package var commentEnd = "#}"
  package var extensions: Extensions = [.evaluation, .loopControls]
  /// Whether names of filters and tests that aren't Jinja2's are mistakes of the text.
  package var isPlain = false
  package var newline = "\n"
  /// What every result carries beside its own marks: text that stood in a vault file is secret.
  package var marks: Marks = []

  package init() {}

  package static let playbook = TemplateOptions()
  /// A file, as Ansible's `template` reads it by default.
  package static let file: TemplateOptions = {
    var options = TemplateOptions()
    options.form = .text
    return options
  }()
  /// A template as `jinja2.Environment()` reads it.
  package static let plain: TemplateOptions = {
    var options = TemplateOptions()
    options.form = .text
    options.trimBlocks = false
    options.keepsTrailingNewline = false
    options.extensions = []
    options.isPlain = true
    return options
  }()
  /// A bare expression.
  package static let condition: TemplateOptions = {
    var options = TemplateOptions()
    options.form = .expression
    return options
  }()
}
