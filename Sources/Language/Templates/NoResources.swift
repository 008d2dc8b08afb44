/// Resources of a scope without a run: nothing is found but templates given by name.
package struct NoResources: TemplateResources {
  private let sources: [String: String]
  package let templates = TemplateCache()

  package init(templates: [String: String] = [:]) { sources = templates }

  package func locate(_ name: String, in folder: String) -> String? {
    sources[name] == nil ? nil : name
  }

  package func read(_ path: String) throws(TemplateError) -> (bytes: [UInt8], isSecret: Bool) {
    if let text = sources[path] { return (Array(text.utf8), false) }
    throw TemplateError(.other, "no file `\(path)` here")
  }

  package func environment(_ name: String) -> String? { nil }

  package func pipe(_ command: String) throws(TemplateError) -> String {
    throw TemplateError(.other, "no commands here")
  }

  package func runSecret(_ name: String, byteCount: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: byteCount)
  }

  package func hosts(matching pattern: String) throws(TemplateError) -> [String] { [] }

  package func decrypt(_ vaultText: String) throws(TemplateError) -> String {
    throw TemplateError(.other, "no vault password here")
  }
}
