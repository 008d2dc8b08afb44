internal import OrderedCollections
internal import RegularExpressions
internal import Values

/// Lookups in files that are tables: CSV and INI.
enum TableLookups {
  static let all: [Lookup] = [
    Lookup("csvfile") { (call) throws(TemplateError) in
      var values: [Value] = []
      for term in call.texts {
        let options = try TermOptions(
          term, call, names: ["file", "delimiter", "col", "keycol", "default", "encoding"])
        if let found = try csv(options, call) { values.append(found) }
      }
      return values
    },
    Lookup("ini") { (call) throws(TemplateError) in
      var values: [Value] = []
      for term in call.texts {
        let options = try TermOptions(
          term, call,
          names: [
            "file", "section", "re", "default", "type", "encoding", "case_sensitive",
            "allow_no_value", "allow_none", "interpolation",
          ])
        values += try ini(options, call)
      }
      return values
    },
  ]

  private static func text(
    of name: String, _ call: LookupCall
  ) throws(TemplateError) -> (text: String, isSecret: Bool) {
    guard let path = call.resources.locate(name, in: "files") else {
      throw TemplateError(
        .other, "Unable to access the file '\(name)'", help: "looked for in `files/`")
    }
    let (bytes, isSecret) = try call.resources.read(path)
    return (String(decoding: bytes, as: UTF8.self), isSecret)
  }

  // MARK: CSV

  private static func csv(
    _ options: TermOptions, _ call: LookupCall
  ) throws(TemplateError) -> Value? {
    if options.key.isEmpty {
      throw TemplateError(.other, "Search key is required but was not found")
    }
    let named = options["delimiter"] ?? "TAB"
    guard let delimiter = (named == "TAB" || named == "\\t" ? "\t" : named).unicodeScalars.first
    else { throw TemplateError(.other, "csvfile: the delimiter is one character") }
    let (text, isSecret) = try text(of: options["file"] ?? "ansible.csv", call)
    let (column, keyColumn) = (try options.int("col") ?? 1, try options.int("keycol") ?? 0)
    for row in CSVReader(text, delimiter: delimiter) where row.count > keyColumn {
      guard row[keyColumn].utf8.elementsEqual(options.key.utf8) else { continue }
      guard row.indices.contains(column) else {
        throw TemplateError(
          .other, "list index out of range",
          help: "`\(options.key)` has \(row.count) columns, counted from 0")
      }
      return .string(row[column]).marked(isSecret ? .secret : [])
    }
    return options.value("default")
  }

  // MARK: INI

  private static func ini(
    _ options: TermOptions, _ call: LookupCall
  ) throws(TemplateError) -> [Value] {
    let name = options["file"] ?? "ansible.ini"
    let (text, isSecret) = try text(of: name, call)
    let isProperties = options["type"] == "properties"
    let file = try ConfigurationFile(
      isProperties ? "[properties]\n" + text : text, isCaseSensitive: options.flag("case_sensitive")
    )
    let section = isProperties ? "properties" : options["section"] ?? "global"
    guard let entries = file.sections[section] else {
      throw TemplateError(.other, "No section '\(section)' in '\(name)'.")
    }
    let interpolates = options.value("interpolation").map(NumberFilters.boolean) ?? true
    func value(_ key: String) throws(TemplateError) -> Value {
      let text = interpolates ? try file.interpolated(key, in: section) : entries[key] ?? ""
      return .string(text).marked(isSecret ? .secret : [])
    }
    if options.flag("re") {
      let expression = try call.evaluator.session.expression(options.key, [])
      var values: [Value] = []
      for key in entries.keys where (try? expression.prefixMatch(in: key)) != nil {
        values.append(try value(key))
      }
      return values
    }
    let key = options.flag("case_sensitive") ? options.key : options.key.lowercased()
    if entries[key] != nil { return [try value(key)] }
    return [options.value("default") ?? ""]
  }
}

/// What a term of a lookup asks for: `key name=value …`, or its options beside it.
struct TermOptions {
  /// What stands before the first option.
  let key: String
  private var written: [String: String] = [:]
  private let given: [String: Value]

  init(_ term: String, _ call: LookupCall, names: [String]) throws(TemplateError) {
    given = call.options
    for name in call.options.keys where !names.contains(name) {
      throw TemplateError(.other, "'\(name)' is not a valid option")
    }
    var words: [Substring] = []
    for word in term.split(separator: " ", omittingEmptySubsequences: false) {
      let halves = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if halves.count == 2, !words.isEmpty || names.contains(String(halves[0])) {
        guard names.contains(String(halves[0])) else {
          throw TemplateError(.other, "'\(halves[0])' is not a valid option")
        }
        written[String(halves[0])] = String(halves[1])
      } else {
        words.append(word)
      }
    }
    key = written.isEmpty ? term : words.joined(separator: " ")
  }

  /// An option as text; nil where it isn't given.
  subscript(name: String) -> String? {
    written[name] ?? given[name].flatMap { $0 == .null ? nil : PythonText.str($0.unmarkedDeeply()) }
  }

  func value(_ name: String) -> Value? { written[name].map { .string($0) } ?? given[name] }

  func flag(_ name: String) -> Bool { value(name).map(NumberFilters.boolean) ?? false }

  func int(_ name: String) throws(TemplateError) -> Int? {
    guard let text = self[name] else { return nil }
    guard let number = Int(text) else {
      throw TemplateError(
        .other, "Invalid value provided for 'integer': \(PythonText.repr(text))",
        help: "`\(name)` is a number")
    }
    return number
  }
}
