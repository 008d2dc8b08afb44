package import Diagnostics
package import Values

/// Where a template is evaluated: variables, and what the run lends to lookups.
package struct Scope: Sendable {
  package var variables: any VariableSource
  package var resources: any TemplateResources
  package var dialect = Dialect.ansible
  /// How many expressions, statements and loop passes one evaluation may take.
  package var stepLimit = 5_000_000
  /// Told of what is wrong but doesn't stop the work, such as a condition that isn't boolean.
  package var warn: (@Sendable (Diagnostic) -> Void)?

  package init(_ variables: any VariableSource, resources: any TemplateResources = NoResources()) {
    self.variables = variables
    self.resources = resources
  }

  /// This scope with variables laid over its own.
  package func adding(_ over: [String: Variable]) -> Scope {
    var scope = self
    scope.variables = OverlaidVariables(over, over: variables)
    return scope
  }
}

/// What lookups may use of the controller: files beside the playbook, environment, run secrets.
package protocol TemplateResources: Sendable {
  /// The template files that were parsed so far.
  var templates: TemplateCache { get }
  /// Finds a file where Ansible looks for it (`files/`, `templates/`, …); nil where it isn't.
  func locate(_ name: String, in folder: String) -> String?
  /// The bytes of a file, decrypted where it is vaulted.
  func read(_ path: String) throws(TemplateError) -> (bytes: [UInt8], isSecret: Bool)
  /// An environment variable of the controller.
  func environment(_ name: String) -> String?
  /// A command's output on the controller: `lookup('pipe', …)`.
  func pipe(_ command: String) throws(TemplateError) -> String
  /// Random bytes that stay the same for a name during one run: keys and tokens we mint.
  func runSecret(_ name: String, byteCount: Int) -> [UInt8]
  /// The host names that a pattern matches: `lookup('inventory_hostnames', …)`.
  func hosts(matching pattern: String) throws(TemplateError) -> [String]
  /// The vault passwords' work for the filters `vault` and `unvault`, and `!vault` values.
  func decrypt(_ vaultText: String) throws(TemplateError) -> String
  /// The data of YAML text, or of all its documents as a list: `from_yaml`, `from_yaml_all`.
  func parse(yaml text: String, all: Bool) throws(TemplateError) -> Value
  /// The text of a private file beside the playbook, made or changed by `update` where that is
  /// needed (it gets nil where there is no file); nil where nothing may be written: in a plan.
  func privateFile(
    _ path: String, update: (String?) throws(TemplateError) -> String
  ) throws(TemplateError) -> String?
  /// The paths that a pattern of the shell matches: `lookup('fileglob', …)`.
  func glob(_ pattern: String, in folder: String) throws(TemplateError) -> [String]
  /// What a server answers: `lookup('url', …)`. Another status than success is an error.
  func fetch(_ query: WebQuery) throws(TemplateError) -> [UInt8]
  /// The settings in force by Ansible's names: `lookup('config', …)`.
  var settings: ConfiguredSettings { get }
}

extension TemplateResources {
  package var templates: TemplateCache { TemplateCache() }

  package func parse(yaml text: String, all: Bool) throws(TemplateError) -> Value {
    do throws(JSONError) {
      let value = try Value(json: text)
      return all ? .list([value]) : value
    } catch {
      throw TemplateError(.other, "YAML can't be read here")
    }
  }

  package func glob(_ pattern: String, in folder: String) throws(TemplateError) -> [String] {
    throw TemplateError(.other, "files can't be listed here")
  }

  package func privateFile(
    _ path: String, update: (String?) throws(TemplateError) -> String
  ) throws(TemplateError) -> String? {
    throw TemplateError(.other, "files can't be written here")
  }

  package func fetch(_ query: WebQuery) throws(TemplateError) -> [UInt8] {
    throw TemplateError(.other, "servers can't be asked here")
  }

  package var settings: ConfiguredSettings { ConfiguredSettings() }
}
