internal import Diagnostics
internal import Templates

/// A dictionary of a playbook, with the places of its keys.
struct Mapping {
  struct Entry {
    var key: String
    var keyRange: SourceRange
    var value: Expression
  }

  var entries: [Entry]
  var range: SourceRange

  /// The entry under a key; nil where there is none.
  subscript(key: String) -> Entry? { entries.first { $0.key == key } }

  /// Where a diagnostic about the whole points to: its first key.
  var place: SourceRange { entries.first?.keyRange ?? range }
}
