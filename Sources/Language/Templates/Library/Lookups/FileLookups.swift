internal import Diagnostics
internal import OrderedCollections
internal import Values

/// Lookups of the controller's files, environment and commands.
enum FileLookups {
  static let all: [Lookup] = [
    Lookup("file") { (call) throws(TemplateError) in
      var values: [Value] = []
      for name in call.texts {
        let (text, isSecret) = try read(name, in: "files", call)
        var content = text
        if call.flag("rstrip", default: true) {
          content = PythonString.strip(content, nil, left: false)
        }
        if call.flag("lstrip", default: false) {
          content = PythonString.strip(content, nil, right: false)
        }
        values.append(.string(content).marked(isSecret ? .secret : []))
      }
      return values
    },
    Lookup("unvault") { (call) throws(TemplateError) in
      var values: [Value] = []
      for name in call.texts {
        values.append(.string(try read(name, in: "files", call).text).marked(.secret))
      }
      return values
    },
    Lookup("lines") { (call) throws(TemplateError) in
      var values: [Value] = []
      for command in call.texts {
        values += PythonString.lines(try call.resources.pipe(command)).map { .string($0) }
      }
      return values
    },
    Lookup("pipe") { (call) throws(TemplateError) in
      var values: [Value] = []
      for command in call.texts {
        values.append(
          .string(PythonString.strip(try call.resources.pipe(command), nil, left: false)))
      }
      return values
    },
    Lookup("env") { (call) throws(TemplateError) in
      var values: [Value] = []
      for name in call.texts {
        values.append(
          call.resources.environment(name).map { .string($0) } ?? call.options["default"] ?? "")
      }
      return values
    },
    Lookup("template") { (call) throws(TemplateError) in
      var values: [Value] = []
      for name in call.texts { values.append(try render(name, call)) }
      return values
    },
    Lookup("fileglob") { (call) throws(TemplateError) in
      var paths: [Value] = []
      for pattern in call.texts {
        paths += try call.resources.glob(pattern, in: "files").map { .string($0) }
      }
      return paths
    },
    Lookup("first_found") { (call) throws(TemplateError) in try firstFound(call) },
  ]

  private static func read(
    _ name: String, in folder: String, _ call: LookupCall
  ) throws(TemplateError) -> (text: String, isSecret: Bool) {
    guard let path = call.resources.locate(name, in: folder) else {
      throw TemplateError(
        .other, "Unable to access the file '\(name)'", help: "looked for in `\(folder)/`")
    }
    let (bytes, isSecret) = try call.resources.read(path)
    return (String(decoding: bytes, as: UTF8.self), isSecret)
  }

  private static func render(_ name: String, _ call: LookupCall) throws(TemplateError) -> Value {
    guard let path = call.resources.locate(name, in: "templates") else {
      throw TemplateError(
        .other, "the template file \(name) could not be found for the lookup")
    }
    var options = TemplateOptions.file
    options.variableStart = call.text("variable_start_string") ?? options.variableStart
    options.variableEnd = call.text("variable_end_string") ?? options.variableEnd
    options.lstripBlocks = call.flag("lstrip_blocks", default: options.lstripBlocks)
    options.trimBlocks = call.flag("trim_blocks", default: options.trimBlocks)
    let template = try call.evaluator.session.file(path, options: options)
    var context = call.evaluator.context
    if case .dict(let extra)? = call.options["template_vars"]?.unmarked() {
      let over = Dictionary(
        extra.map { (PythonText.str($0.key), Variable.value($0.value)) },
        uniquingKeysWith: { _, last in last })
      context = ScopeContext(
        OverlaidVariables(over, over: context.variables), session: call.evaluator.session)
    }
    let evaluator = context.evaluator(for: template)
    return try call.evaluator.session.descend { () throws(TemplateError) in
      try template.wholeText(by: evaluator).value
    }
  }

  private static func firstFound(_ call: LookupCall) throws(TemplateError) -> [Value] {
    var names: [String] = []
    var paths = strings(call.options["paths"], separators: ",;:")
    var skips = call.flag("skip", default: false)
    names += strings(call.options["files"])
    func take(_ term: Value) {
      switch term.unmarkedDeeply() {
      case .dict(let dict):
        names += strings(dict["files"])
        paths += strings(dict["paths"], separators: ",;:")
        if let skip = dict["skip"] { skips = NumberFilters.boolean(skip) }
      case .list(let terms), .tuple(let terms): for term in terms { take(term) }
      case let other: names.append(PythonText.str(other))
      }
    }
    for term in call.terms { take(term) }
    for name in names {
      let candidates = paths.isEmpty || name.hasPrefix("/") ? [name] : paths.map { "\($0)/\(name)" }
      for candidate in candidates {
        for folder in ["files", "templates", "vars", "tasks"] {
          if let path = call.resources.locate(candidate, in: folder) { return [.string(path)] }
        }
      }
    }
    if skips { return [] }
    throw TemplateError(
      .other, "No file was found when using first_found.",
      help: "looked for " + names.map { "`\($0)`" }.joined(separator: ", "))
  }

  private static func strings(_ value: Value?, separators: String = ",;") -> [String] {
    switch value?.unmarkedDeeply() {
    case .list(let items)?, .tuple(let items)?: return items.map(PythonText.str)
    case .string(let text)?:
      return text.split { separators.contains($0) }.map { PythonString.strip(String($0), nil) }
    default: return []
    }
  }
}
