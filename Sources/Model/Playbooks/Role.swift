package import OrderedCollections
package import Templates

/// A role's folder and what it defines for all who use it.
package final class Role: Sendable {
  package let name: String
  package let folder: String
  package let defaults: OrderedDictionary<String, Expression>
  package let variables: OrderedDictionary<String, Expression>
  /// `allow_duplicates` of `meta/main.yml`.
  package let allowsDuplicates: Bool
  /// Roles that this one depends on, and those that they do; their variables are seen here, too.
  package let dependencies: [Role]

  package init(
    name: String, folder: String, defaults: OrderedDictionary<String, Expression>,
    variables: OrderedDictionary<String, Expression>, allowsDuplicates: Bool,
    dependencies: [Role]
  ) {
    self.name = name
    self.folder = folder
    self.defaults = defaults
    self.variables = variables
    self.allowsDuplicates = allowsDuplicates
    self.dependencies = dependencies
  }
}
