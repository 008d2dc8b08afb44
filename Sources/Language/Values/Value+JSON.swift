internal import OrderedCollections

/// Why a text isn't JSON.
package struct JSONError: Error, Sendable, CustomStringConvertible {
  package var message: String
  /// Where, in bytes from the beginning.
  package var offset: Int

  package var description: String { "\(message) at byte \(offset)" }
}

extension Value {
  /// The data of a JSON text; integers that don't fit into 64 bits become floating-point numbers.
  package init(json text: String) throws(JSONError) {
    var reader = JSONReader(Array(text.utf8))
    self = try reader.read()
  }

  /// The data of a JSON text in UTF-8.
  package init(json bytes: [UInt8]) throws(JSONError) {
    var reader = JSONReader(bytes)
    self = try reader.read()
  }

  /// The data as JSON, by default as Python's `json.dumps` writes it.
  ///
  /// What is secret is written as it is: unmask only for what goes to a host or into a filter.
  package func json(_ style: JSONStyle = JSONStyle()) -> String {
    var writer = JSONWriter(style)
    writer.write(self, depth: 0)
    return writer.text
  }
}

/// How JSON is laid out.
package struct JSONStyle: Hashable, Sendable {
  /// Blanks a level; nil for all in one line.
  package var indent: Int?
  package var sortsKeys = false
  /// Whether anything but ASCII is escaped.
  package var isASCII = true
  package var itemSeparator = ", "
  package var keySeparator = ": "

  package init() {}

  /// Indented, keys in their order, text unescaped.
  package static let pretty: JSONStyle = {
    var style = JSONStyle()
    style.indent = 2
    style.isASCII = false
    return style
  }()

  /// All in one line without blanks.
  package static let compact: JSONStyle = {
    var style = JSONStyle()
    (style.itemSeparator, style.keySeparator) = (",", ":")
    style.isASCII = false
    return style
  }()
}
