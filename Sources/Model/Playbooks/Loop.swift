package import Templates

/// `loop:`, `with_items:` and the like, with `loop_control:`.
package struct Loop: Sendable {
  /// `loop`, or the lookup that `with_X` names: `items`, `dict`, `sequence`, …
  package var kind: String
  package var items: Expression
  package var variable: String = "item"
  package var indexVariable: String?
  package var label: Expression?
  /// Seconds.
  package var pause: Expression?
  package var isExtended: Bool = false
  /// `extended_allitems`: whether `ansible_loop.allitems` is there.
  package var holdsAllItems: Bool = true
  package var breakWhen: [Condition] = []

  package init(_ kind: String, over items: Expression) {
    self.kind = kind
    self.items = items
  }
}
