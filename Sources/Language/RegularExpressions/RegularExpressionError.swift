/// Why a regular expression can't be compiled or used.
package struct RegularExpressionError: Error, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The pattern isn't one.
    case pattern
    /// Matching took more steps or memory than is allowed.
    case limit
    /// The replacement names a group that isn't there, or has an escape that means nothing.
    case replacement
  }

  package var kind: Kind
  package var message: String
  /// Where in the pattern or replacement, in bytes from its beginning.
  package var offset: Int?

  init(_ kind: Kind, _ message: String, offset: Int? = nil) {
    self.kind = kind
    self.message = message
    self.offset = offset
  }
}

extension RegularExpressionError: CustomStringConvertible {
  /// The message, with the place where there is one.
  package var description: String { offset.map { "\(message) at position \($0)" } ?? message }
}
