internal import Values

/// Filters to and from JSON and YAML.
enum SerializationFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "to_json", "indent?", "sort_keys?", "ensure_ascii?", "separators?", "vault_to_text?",
      "preprocess_unsafe?", "default?",
      whole: { (call) throws(TemplateError) in
        var style = JSONStyle()
        style.indent = try call.int("indent")
        style.sortsKeys = call.flag("sort_keys", default: false)
        style.isASCII = call.flag("ensure_ascii", default: true)
        if let separators = call.value("separators").sequence, separators.count == 2 {
          style.itemSeparator = PythonText.str(separators[0])
          style.keySeparator = PythonText.str(separators[1])
        }
        return .string(call.input.json(style))
      }),
    LibraryFunction(
      "to_nice_json", "indent?", "sort_keys?", "ensure_ascii?", "vault_to_text?",
      "preprocess_unsafe?", "default?",
      whole: { (call) throws(TemplateError) in
        var style = JSONStyle()
        style.indent = try call.int("indent") ?? 4
        style.sortsKeys = call.flag("sort_keys", default: true)
        style.isASCII = call.flag("ensure_ascii", default: true)
        return .string(call.input.json(style))
      }),
    LibraryFunction(
      "tojson", "indent?",
      whole: { (call) throws(TemplateError) in
        var style = JSONStyle()
        style.indent = try call.int("indent")
        style.sortsKeys = true
        // Jinja2's is safe inside of HTML.
        var text = call.input.json(style)
        for (character, escape) in [
          ("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("'", "\\u0027"),
        ] {
          text = text.replacing(character, with: escape)
        }
        return .string(text)
      }),
    LibraryFunction(
      "from_json", "profile?",
      whole: { (call) throws(TemplateError) in
        guard call.input.isText else {
          throw TemplateError(
            .type,
            "the JSON object must be str, bytes or bytearray, not \(call.input.pythonTypeName)")
        }
        do throws(JSONError) {
          return try Value(json: call.text)
        } catch {
          throw TemplateError(.other, "from_json: \(error)")
        }
      }),
    yaml("to_yaml", nice: false), yaml("to_nice_yaml", nice: true),
    LibraryFunction(
      "from_yaml",
      whole: { (call) throws(TemplateError) in
        guard call.input.isText else { return call.input }
        return try call.evaluator.session.resources.parse(yaml: call.text, all: false)
      }),
    LibraryFunction(
      "from_yaml_all",
      whole: { (call) throws(TemplateError) in
        guard call.input.isText else { return call.input }
        return try call.evaluator.session.resources.parse(yaml: call.text, all: true)
      }),
  ]

  private static func yaml(_ name: String, nice: Bool) -> LibraryFunction {
    LibraryFunction(
      name, "indent?", "sort_keys?", "width?", "default_flow_style?", "allow_unicode?",
      "default_style?", "canonical?", "explicit_start?", "explicit_end?", "line_break?",
      "vault_to_text?",
      "dump_vault_tags?",
      whole: { (call) throws(TemplateError) in
        var writer = YAMLWriter()
        // libyaml takes other steps and widths for none at all.
        let step = try call.int("indent") ?? (nice ? 4 : 2)
        writer.step = (2...9).contains(step) ? step : 2
        let width = try call.int("width") ?? 80
        writer.width = width < 0 ? Int.max : width > writer.step * 2 ? width : 80
        writer.sortsKeys = call.flag("sort_keys", default: true)
        writer.isASCII = !call.flag("allow_unicode", default: true)
        // What is none of YAML's styles makes no scalar another, but collections stand in blocks.
        let style = call.text("default_style") ?? ""
        writer.scalarStyle = style.count == 1 ? style.first : style.isEmpty ? nil : "?"
        writer.isCanonical = call.flag("canonical", default: false)
        writer.flow =
          call["default_flow_style"].flatMap { $0 == .null ? nil : $0.isTruthy ? .always : .never }
          ?? (nice ? .never : .leaves)
        let text = writer.text(
          call.input, explicitStart: call.flag("explicit_start", default: false),
          explicitEnd: call.flag("explicit_end", default: false))
        return .string(call.text("line_break").map { text.replacing("\n", with: $0) } ?? text)
      })
  }
}
