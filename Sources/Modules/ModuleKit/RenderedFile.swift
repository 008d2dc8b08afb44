package import Values

/// What a template renders to, for the host and for people.
package struct RenderedFile: Hashable, Sendable {
  /// The whole text: unknown where any part is, secret where any part is.
  package var value: Value
  /// The text with `(secret)` and `(known after apply)` in the places of such parts; nil where
  /// there are none, or where all of it is secret.
  package var shown: String?

  package init(_ value: Value, shown: String? = nil) {
    self.value = value
    self.shown = shown
  }
}
