internal import Diagnostics
package import OrderedCollections
package import Values

/// A task's arguments, checked against a module's specification.
///
/// Reading one converts it as Ansible does (`'yes'` is true, `22` is text where text is wanted) and
/// takes the default where it isn't given. Secret values come bare: `isSecret(_:)` tells.
package struct Arguments: Sendable {
  package let context: ModuleContext
  private let values: [String: Value]
  private let specifications: [String: ArgumentSpecification]
  /// What is given beside the specified arguments, where the module takes such; marks and all.
  package let further: OrderedDictionary<String, Value>

  /// Checks names, aliases, required arguments and choices.
  package init(
    _ given: OrderedDictionary<String, Value>, for documentation: ModuleDocumentation,
    in context: ModuleContext
  ) throws(ArgumentError) {
    self.context = context
    var byName: [String: ArgumentSpecification] = [:]
    for argument in documentation.arguments {
      byName[argument.name] = argument
      for alias in argument.aliases { byName[alias] = argument }
    }
    var values: [String: Value] = [:]
    var further: OrderedDictionary<String, Value> = [:]
    for (name, value) in given {
      guard let argument = byName[name] else {
        if documentation.takesFurtherArguments {
          further[name] = value
          continue
        }
        throw ArgumentError(
          argument: name, "`\(documentation.name)` has no argument `\(name)`",
          help: Suggestion.didYouMean(name, in: documentation.arguments.map(\.name))
            ?? "it takes " + documentation.arguments.map(\.name).joined(separator: ", "))
      }
      if value == .null, argument.defaultValue != nil || !argument.isRequired { continue }
      values[argument.name] = argument.isSecret ? value.marked(.secret) : value
    }
    for argument in documentation.arguments {
      if argument.isRequired, values[argument.name] == nil {
        throw ArgumentError(
          argument: argument.name, "`\(documentation.name)` needs the argument `\(argument.name)`",
          help: argument.summary)
      }
      try Self.check(choicesOf: argument, values[argument.name])
    }
    self.values = values
    self.further = further
    specifications = byName
  }

  private static func check(
    choicesOf argument: ArgumentSpecification, _ value: Value?
  ) throws(ArgumentError) {
    guard !argument.choices.isEmpty, let value = value?.unmarked(), argument.kind != .list
    else { return }
    if case .unknown = value { return }
    // YAML reads `state: yes` as true; a choice `yes` means that.
    let text = value == .bool(true) ? "yes" : value == .bool(false) ? "no" : value.description
    if argument.choices.contains(text) || argument.choices.contains(value.description) { return }
    throw ArgumentError(
      argument: argument.name,
      "`\(argument.name)` is one of \(argument.choices.joined(separator: ", ")), not `\(text)`",
      help: Suggestion.didYouMean(text, in: argument.choices))
  }

  /// What the task gives, checked anew for another module that it is handed on to.
  package func passed(
    to documentation: ModuleDocumentation, without names: Set<String>
  ) throws(ArgumentError) -> Arguments {
    let given = values.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }
    return try Arguments(
      OrderedDictionary(uniqueKeysWithValues: given.map { ($0.key, $0.value) }),
      for: documentation, in: context)
  }

  /// The value as given, marks and all; nil where it wasn't given and has no default.
  package func value(_ name: String) -> Value? {
    values[name] ?? specifications[name]?.defaultValue
  }

  /// Whether the task gives it.
  package func isGiven(_ name: String) -> Bool { values[name] != nil }

  /// Whether what is given, or anything in it, must not be shown.
  package func isSecret(_ name: String) -> Bool {
    values[name]?.marksDeeply.contains(.secret) ?? false
  }

  /// Whether only `apply` can tell; only where the specification accepts that.
  package func isUnknown(_ name: String) -> Bool { values[name]?.firstUnknown != nil }

  private func bare(_ name: String) -> Value? { value(name)?.unmarkedDeeply() }

  /// Text; numbers and booleans are written as Python writes them.
  package func string(_ name: String) throws(ArgumentError) -> String? {
    switch bare(name) {
    case nil, .null?: return nil
    case .list?, .dict?: throw mismatch(name, "text")
    case .unknown?: return "(known after apply)"
    case .bool(let flag)?: return flag ? "True" : "False"
    case let value?: return value.description
    }
  }

  /// Text that must be there.
  package func requiredString(_ name: String) throws(ArgumentError) -> String {
    guard let text = try string(name) else {
      throw ArgumentError(argument: name, "`\(name)` is needed")
    }
    return text
  }

  package func integer(_ name: String) throws(ArgumentError) -> Int? {
    switch bare(name) {
    case nil, .null?: return nil
    case .int(let number)?: return number
    case .string(let text)?:
      guard let number = Int(text.filter { $0 != " " }) else {
        throw mismatch(name, "a whole number")
      }
      return number
    case .float(let number)? where number == number.rounded() && abs(number) < 1e15:
      return Int(number)
    default: throw mismatch(name, "a whole number")
    }
  }

  package func float(_ name: String) throws(ArgumentError) -> Double? {
    switch bare(name) {
    case nil, .null?: return nil
    case .int(let number)?: return Double(number)
    case .float(let number)?: return number
    case .string(let text)?:
      guard let number = Double(text) else { throw mismatch(name, "a number") }
      return number
    default: throw mismatch(name, "a number")
    }
  }

  /// A truth value, by Ansible's words for it (`yes`, `on`, `1`, `true`, `y`, `t` and their opposites).
  package func boolean(_ name: String) throws(ArgumentError) -> Bool? {
    switch bare(name) {
    case nil, .null?: return nil
    case .bool(let flag)?: return flag
    case .int(1)?, .float(1)?: return true
    case .int(0)?, .float(0)?: return false
    case .string(let text)?:
      switch text.lowercased() {
      case "yes", "on", "1", "true", "y", "t", "1.0": return true
      case "no", "off", "0", "false", "n", "f", "0.0": return false
      default: throw mismatch(name, "true or false")
      }
    default: throw mismatch(name, "true or false")
    }
  }

  /// A list of texts; one text is split at commas, as Ansible does it.
  package func strings(_ name: String) throws(ArgumentError) -> [String]? {
    switch bare(name) {
    case nil, .null?: return nil
    case .list(let items)?: return items.map(\.description)
    case .string(let text)?:
      return text.split(separator: ",").map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
    case .int?, .float?: return [bare(name)!.description]
    default: throw mismatch(name, "a list")
    }
  }

  /// A dictionary with text keys, its values bare.
  package func dictionary(
    _ name: String
  ) throws(ArgumentError) -> OrderedDictionary<String, Value>? {
    switch bare(name) {
    case nil, .null?: return nil
    case .dict(let dict)?:
      return OrderedDictionary(
        dict.map { ($0.key.description, $0.value) }, uniquingKeysWith: { $1 })
    default: throw mismatch(name, "a dictionary")
    }
  }

  /// An error about one argument, for a module's own checks.
  package func mismatch(_ name: String, _ wanted: String) -> ArgumentError {
    let given = isSecret(name) ? "(secret)" : value(name).map { "`\($0)`" } ?? "nothing"
    return ArgumentError(argument: name, "`\(name)` must be \(wanted), not \(given)")
  }
}

/// Why a module refuses its arguments.
package struct ArgumentError: Error, Hashable, Sendable {
  /// The argument at fault, so that the place of its key can be shown; nil for the task as a whole.
  package var argument: String?
  package var message: String
  package var help: String?

  package init(argument: String? = nil, _ message: String, help: String? = nil) {
    self.argument = argument
    self.message = message
    self.help = help
  }
}
