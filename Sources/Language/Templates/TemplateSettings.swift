package import Values

/// A template's options and dialect, as data says them with the names of `jinja2.Environment()`.
package struct TemplateSettings: Hashable, Sendable {
  package var options: TemplateOptions
  package var dialect: Dialect

  /// Plain Jinja2's defaults, or Ansible's where `ansible` is true; what isn't known is ignored.
  package init(_ settings: Value) {
    let isAnsible = settings.flag("ansible") ?? false
    options = isAnsible ? .file : .plain
    dialect = isAnsible ? .ansible : .jinja
    options.trimBlocks = settings.flag("trim_blocks") ?? isAnsible
    options.lstripBlocks = settings.flag("lstrip_blocks") ?? false
    options.keepsTrailingNewline = settings.flag("keep_trailing_newline") ?? isAnsible
    if settings.flag("native") ?? false { options.form = .native }
    if let kind = settings.text(under: "undefined").flatMap(Dialect.Undefinedness.init(rawValue:)) {
      dialect.undefined = kind
    }
    dialect.autoescapes = settings.flag("autoescape") ?? false
    dialect.isSandboxed = settings.flag("sandbox") ?? false
    readExtensions(settings)
    readDelimiters(settings)
  }

  private mutating func readExtensions(_ settings: Value) {
    guard case .list(let names)? = settings["extensions"] else { return }
    for case .string(let name) in names {
      switch name {
      case "do", "jinja2.ext.do": options.extensions.insert(.evaluation)
      case "loopcontrols", "jinja2.ext.loopcontrols": options.extensions.insert(.loopControls)
      default: break
      }
    }
  }

  private mutating func readDelimiters(_ settings: Value) {
    func take(_ name: String, _ path: WritableKeyPath<TemplateOptions, String>) {
      // An empty delimiter would be everywhere.
      if let text = settings.text(under: name), !text.isEmpty { options[keyPath: path] = text }
    }
    take("variable_start_string", \.variableStart)
    take("variable_end_string", \.variableEnd)
    take("block_start_string", \.blockStart)
    take("block_end_string", \.blockEnd)
    take("comment_start_string", \.commentStart)
    take("comment_end_string", \.commentEnd)
    take("newline_sequence", \.newline)
  }
}

extension Value {
  fileprivate func flag(_ name: String) -> Bool? { self[name].map(\.isTruthy) }

  fileprivate func text(under name: String) -> String? {
    if case .string(let text)? = self[name] { return text }
    return nil
  }
}
