internal import Diagnostics
internal import Synchronization
internal import Values

/// The template files of a run, each parsed once however many hosts and tasks render it.
///
/// A file is read each time it is used; only where its text is the same is its tree used again.
package final class TemplateCache: Sendable {
  private struct Key: Hashable {
    let path: String
    let options: TemplateOptions
  }

  /// More files than any run has; a cache that only grows would be a leak.
  private static let limit = 1000

  private let known = Mutex<[Key: Template]>([:])

  package init() {}

  /// The template of a file's text.
  ///
  /// - Parameter isSecret: Whether errors may quote no line of it, and all it prints is secret.
  package func template(
    _ text: String, at path: String, options: TemplateOptions, isSecret: Bool = false
  ) -> Template {
    var options = options
    if isSecret { options.marks.insert(.secret) }
    let key = Key(path: path, options: options)
    return known.withLock { known in
      if let template = known[key], template.text.utf8.elementsEqual(text.utf8) { return template }
      let file = SourceFile(path: path, text: isSecret ? "" : text)
      let template = Template(
        text, at: SourceRange(file: file, line: 1, column: 1), options: options)
      if known.count >= Self.limit { known = [:] }
      known[key] = template
      return template
    }
  }
}
