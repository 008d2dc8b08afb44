package import OrderedCollections
package import Templates

/// A role's folder and what it defines for all who use it.
package final class Role: Sendable {
  /// As the playbook names it.
  package let name: String
  package let folder: String
  package let defaults: OrderedDictionary<String, Expression>
  package let variables: OrderedDictionary<String, Expression>
  /// `allow_duplicates` of `meta/main.yml`.
  package let allowsDuplicates: Bool
  /// Roles that this one depends on, and those that they do; their variables are seen here, too.
  package let dependencies: [Role]
  /// Equal for uses with the same folder, parameters, conditions and tags of their own.
  ///
  /// `roles:` and dependencies run once a host and play for each, unless duplicates are allowed.
  package let identity: String

  package init(
    name: String, folder: String, defaults: OrderedDictionary<String, Expression>,
    variables: OrderedDictionary<String, Expression>, allowsDuplicates: Bool,
    dependencies: [Role], identity: String = ""
  ) {
    self.name = name
    self.folder = folder
    self.defaults = defaults
    self.variables = variables
    self.allowsDuplicates = allowsDuplicates
    self.dependencies = dependencies
    self.identity = identity
  }
}
