internal import Diagnostics
internal import Documents
internal import FoundationEssentials
internal import OrderedCollections
internal import Templates
package import Values

/// YAML files that tests hold, as values; templates in them stay text.
package enum PlainData {
  /// The value of a file.
  package static func read(_ path: String) throws -> Value {
    do { return plain(try YAMLReader().read(path)) } catch {
      throw BrokenCase(
        path: path,
        message: error.all.map { DiagnosticRenderer().render($0) }.joined())
    }
  }

  /// The values of all documents of a file, or of `text` in its stead.
  package static func readAll(_ path: String, text: String? = nil) throws -> [Value] {
    let text = try text ?? String(contentsOfFile: path, encoding: .utf8)
    do { return try YAMLReader().readAll(path: path, text: text).map(plain) } catch {
      throw BrokenCase(
        path: path,
        message: error.all.map { DiagnosticRenderer().render($0) }.joined())
    }
  }

  private static func plain(_ expression: Templates.Expression) -> Value {
    switch expression {
    case .literal(let value, _): value
    case .template(let template): .string(template.text)
    case .list(let items, _): .list(items.map(plain))
    case .dict(let entries, _):
      .dict(.init(entries.map { (plain($0.key), plain($0.value)) }, uniquingKeysWith: { $1 }))
    }
  }
}

/// A case file that says what can't be understood.
package struct BrokenCase: Error, CustomStringConvertible {
  package var path: String
  package var message: String

  package init(path: String, message: String) {
    self.path = path
    self.message = message
  }

  package var description: String { "\(path): \(message)" }
}

extension Value {
  /// Its text, where it is one.
  package var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// Its items, where it is a list.
  package var items: [Value]? {
    if case .list(let items) = self { return items }
    return nil
  }

  /// Its entries, where it is a dictionary with text keys.
  package var entries: [(key: String, value: Value)]? {
    guard case .dict(let dict) = self else { return nil }
    return dict.map { ($0.key.description, $0.value) }
  }
}
