package import Values

/// A template's text with its unknown and secret parts told apart, for a plan's diff.
package struct RenderedText: Sendable, Hashable {
  /// One stretch of the text.
  package enum Piece: Sendable, Hashable {
    case known(String)
    /// Must not be shown.
    case secret(String)
    /// Only `apply` can tell what stands here.
    case unknown(Unknown)
  }

  package var pieces: [Piece]

  package init(_ pieces: [Piece]) { self.pieces = pieces }

  /// The whole text as a value: unknown where any part is, secret where any part is.
  package var value: Value {
    if pieces.count == 1, case .known(let text) = pieces[0] { return .string(text) }
    var text = ""
    var marks = Marks.none
    var unknown: Unknown?
    for piece in pieces {
      switch piece {
      case .known(let part): text += part
      case .secret(let part):
        text += part
        marks.formUnion(.secret)
      case .unknown(let origin): unknown = unknown ?? origin
      }
    }
    let value = unknown.map { Value.unknown($0) } ?? Value.string(text)
    return value.marked(marks)
  }

  /// Whether all of it may be shown, and is known.
  package var isPlain: Bool {
    pieces.allSatisfy { piece in
      if case .known = piece { return true }
      return false
    }
  }

  /// The text for people: `(secret)` and `(known after apply)` in their places.
  package var shown: String {
    var text = ""
    for piece in pieces {
      switch piece {
      case .known(let part): text += part
      case .secret: text += "(secret)"
      case .unknown: text += "(known after apply)"
      }
    }
    return text
  }

  /// The text with all its known parts secret.
  var secret: RenderedText {
    RenderedText(
      pieces.map { piece in
        if case .known(let text) = piece { return .secret(text) }
        return piece
      })
  }

  /// How many newlines the text ends in.
  var trailingNewlineCount: Int {
    var count = 0
    for piece in pieces.reversed() {
      switch piece {
      case .unknown: return count
      case .known(let text), .secret(let text):
        let newlines = text.utf8.reversed().prefix { $0 == 10 }.count
        count += newlines
        if newlines < text.utf8.count { return count }
      }
    }
    return count
  }

  /// Adds a piece, joined with the one before where both are known text.
  mutating func append(_ piece: Piece) {
    if case .known(let more) = piece, case .known(var text)? = pieces.last {
      pieces.removeLast()
      text += more
      pieces.append(.known(text))
    } else {
      pieces.append(piece)
    }
  }
}
