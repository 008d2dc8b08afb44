internal import Diagnostics
internal import Synchronization
internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The template files of a run, each parsed once however many hosts and tasks render it.
///
/// A file is read each time it is used; only where its text is the same is its tree used again.
package final class TemplateCache: Sendable {
  /// More files than any run has; a cache that only grows would be a leak.
  private static let limit = 1000

  /// By path: the same file may be read with several options.
  private let known = Mutex<[String: [Template]]>([:])

  package init() {}

  /// The template of a file's bytes.
  ///
  /// - Parameter isSecret: Whether errors may quote no line of it, and all it prints is secret.
  package func template(
    _ bytes: [UInt8], at path: String, options: TemplateOptions, isSecret: Bool = false
  ) -> Template {
    var options = options
    if isSecret { options.marks.insert(.secret) }
    return known.withLock { known in
      let found = known[path]?.first { $0.options == options }
      if let found, Self.is(found.text, bytes) { return found }
      let text = String(decoding: bytes, as: UTF8.self)
      let file = SourceFile(path: path, text: isSecret ? "" : text)
      let template = Template(
        text, at: SourceRange(file: file, line: 1, column: 1), options: options)
      if known.count >= Self.limit { known = [:] }
      known[path, default: []].removeAll { $0.options == options }
      known[path, default: []].append(template)
      return template
    }
  }

  private static func `is`(_ text: String, _ bytes: [UInt8]) -> Bool {
    var text = text
    return text.withUTF8 { text in
      bytes.withUnsafeBytes { bytes in
        text.count == bytes.count
          && (text.isEmpty || memcmp(text.baseAddress!, bytes.baseAddress!, text.count) == 0)
      }
    }
  }
}
