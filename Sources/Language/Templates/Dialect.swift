/// Whose rules a template follows: ansible-core's or plain Jinja2's.
package struct Dialect: Hashable, Sendable {
  /// What happens where something undefined is used.
  package enum Undefinedness: String, Hashable, Sendable, CaseIterable {
    /// It prints as nothing, is false and empty; attributes of it and arithmetic are errors.
    case standard = "default"
    /// Any use but `is defined` and `default` is an error.
    case strict
    /// As the standard, but attributes of it are undefined, too.
    case chainable
  }

  /// Whether Ansible's filters, tests, lookups and types are there.
  package var isAnsible = true
  package var undefined = Undefinedness.strict
  /// Whether what is printed is escaped for HTML, but for `Markup`.
  package var autoescapes = false
  /// Whether Jinja2's sandbox bounds `range` as it does; attributes are always safe here.
  package var isSandboxed = false

  package init() {}

  /// What playbooks, variables and template files of Ansible follow.
  package static let ansible = Dialect()
  /// A `jinja2.Environment()` without options.
  package static let jinja: Dialect = {
    var dialect = Dialect()
    dialect.isAnsible = false
    dialect.undefined = .standard
    return dialect
  }()
}

extension Dialect {
  /// Whether there is a filter of this name.
  func knows(filter name: String) -> Bool { isAnsible || Self.filters.contains(name) }

  /// Whether there is a test of this name.
  func knows(test name: String) -> Bool { isAnsible || Self.tests.contains(name) }

  /// Jinja2's own filters.
  private static let filters: Set<String> = [
    "abs", "attr", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e",
    "escape", "filesizeformat", "first", "float", "forceescape", "format", "groupby", "indent",
    "int", "items", "join", "last", "length", "list", "lower", "map", "max", "min", "pprint",
    "random", "reject", "rejectattr", "replace", "reverse", "round", "safe", "select",
    "selectattr", "slice", "sort", "string", "striptags", "sum", "title", "tojson", "trim",
    "truncate", "unique", "upper", "urlencode", "urlize", "wordcount", "wordwrap", "xmlattr",
  ]

  /// Jinja2's own tests.
  private static let tests: Set<String> = [
    "boolean", "callable", "defined", "divisibleby", "eq", "equalto", "escaped", "even", "false",
    "filter", "float", "ge", "greaterthan", "gt", "in", "integer", "iterable", "le", "lessthan",
    "lower", "lt", "mapping", "ne", "none", "number", "odd", "sameas", "sequence", "string",
    "test", "true", "undefined", "upper", "!=", "<", "<=", "==", ">", ">=",
  ]
}

extension Dialect {
  /// What Python calls the type of what is undefined.
  var undefinedName: String {
    switch undefined {
    case .standard: "Undefined"
    case .strict: "StrictUndefined"
    case .chainable: "ChainableUndefined"
    }
  }
}
