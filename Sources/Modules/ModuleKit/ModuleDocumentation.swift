package import Values

/// A module's entry in the manual, and the rule by which its arguments are checked.
package struct ModuleDocumentation: Sendable {
  /// As tasks write it, without collection: `copy`.
  package var name: String
  /// Other names for it, without `ansible.builtin.`, such as `systemd_service`.
  package var aliases: [String]
  /// One sentence.
  package var summary: String
  /// Paragraphs for the manual: rules, and where it differs from Ansible's.
  package var notes: [String]
  package var arguments: [ArgumentSpecification]
  /// The argument that free text (`command: ls`) goes to; nil where free text is `key=value` only.
  package var freeForm: String?
  /// Names of result keys with a sentence each.
  package var results: [(name: String, summary: String)]
  /// A task that uses it, as YAML.
  package var example: String
  /// Runs on the controller alone; the host isn't connected to.
  package var isControllerOnly: Bool
  /// Takes arguments of any other name as well, known or unknown: `set_fact`, `add_host`.
  package var takesFurtherArguments: Bool

  package init(
    name: String, aliases: [String] = [], summary: String, notes: [String] = [],
    arguments: [ArgumentSpecification], freeForm: String? = nil,
    results: [(name: String, summary: String)] = [], example: String,
    isControllerOnly: Bool = false, takesFurtherArguments: Bool = false
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.notes = notes
    self.arguments = arguments
    self.freeForm = freeForm
    self.results = results
    self.example = example
    self.isControllerOnly = isControllerOnly
    self.takesFurtherArguments = takesFurtherArguments
  }
}

/// One argument of a module.
package struct ArgumentSpecification: Sendable {
  package enum Kind: String, Sendable {
    case string, path, integer, float, boolean, list, dictionary, mode, duration, any
  }

  package var name: String
  package var kind: Kind
  package var summary: String
  package var isRequired: Bool
  package var defaultValue: Value?
  package var choices: [String]
  package var aliases: [String]
  /// Its value is secret whatever it comes from.
  package var isSecret: Bool
  /// The module can plan while this is unknown; without it an unknown argument defers the step.
  package var acceptsUnknown: Bool

  package init(
    _ name: String, _ kind: Kind, _ summary: String, isRequired: Bool = false,
    default defaultValue: Value? = nil, choices: [String] = [], aliases: [String] = [],
    isSecret: Bool = false, acceptsUnknown: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.isRequired = isRequired
    self.defaultValue = defaultValue
    self.choices = choices
    self.aliases = aliases
    self.isSecret = isSecret
    self.acceptsUnknown = acceptsUnknown
  }
}

extension ArgumentSpecification {
  /// `owner`, `group` and `mode`, as every module that writes files takes them.
  package static let fileAttributes: [ArgumentSpecification] = [
    ArgumentSpecification("owner", .string, "User that owns the file, by name or number."),
    ArgumentSpecification("group", .string, "Group that owns the file, by name or number."),
    ArgumentSpecification(
      "mode", .mode, "Permissions: octal (`'0644'`), symbolic (`u=rw,go=r`), or `preserve`."),
  ]
}
