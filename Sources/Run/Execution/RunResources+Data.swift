internal import Diagnostics
internal import Documents
internal import Glibc
package import Templates
package import Values

extension RunResources {
  package func fetch(_ query: WebQuery) throws(TemplateError) -> [UInt8] {
    try WebFetch(query).body()
  }

  /// The data of YAML text. What looks like a template in it stays text: it may come from a host.
  package func parse(yaml text: String, all: Bool) throws(TemplateError) -> Value {
    let documents: [Expression]
    do throws(Diagnostics) {
      documents = try YAMLReader(passwords: passwords).readAll(path: "<yaml>", text: text)
    } catch {
      throw TemplateError(.other, "this is no YAML: \(error.all.first?.message ?? "")")
    }
    let values = documents.map(\.data)
    return all ? .list(values) : values.first ?? .null
  }

  /// The files that a pattern matches, sorted; folders are left out, as Ansible's `fileglob` does.
  package func glob(_ pattern: String, in folder: String) throws(TemplateError) -> [String] {
    for candidate in search.candidates(for: pattern, in: folder) {
      var found = glob_t()
      defer { globfree(&found) }
      guard Glibc.glob(candidate, 0, nil, &found) == 0 else { continue }
      let paths = (0..<Int(found.gl_pathc)).compactMap { index in
        found.gl_pathv[index].map { String(cString: $0) }
      }
      return paths.filter { FileSearch.isFolder($0) == false }
    }
    return []
  }
}
