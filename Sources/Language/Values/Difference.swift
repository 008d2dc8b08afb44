/// One thing that differs between what is and what shall be, as data; Reports renders it.
package struct Difference: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// A whole text, shown as a unified diff; nil where there is none before or after.
    case text(before: String?, after: String?)
    /// One property: `mode 0644 -> 0600`.
    case attribute(before: String, after: String)
  }

  /// What differs: a path, or the name of a property.
  package var label: String
  package var kind: Kind
  /// Neither side may be shown.
  package var isSecret: Bool

  package init(_ label: String, _ kind: Kind, isSecret: Bool = false) {
    self.label = label
    self.kind = kind
    self.isSecret = isSecret
  }
}
