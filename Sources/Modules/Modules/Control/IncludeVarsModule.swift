package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Reads variables from files of the controller.
package struct IncludeVarsModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "include_vars", summary: "Reads variables from a file or a folder of files.",
    notes: ["Files of a folder are read in the order of their names."],
    arguments: [
      ArgumentSpecification("free_form", .path, "The file."),
      ArgumentSpecification("file", .path, "The file."),
      ArgumentSpecification("dir", .path, "A folder of files."),
      ArgumentSpecification("name", .string, "Put all of them under this one variable."),
      ArgumentSpecification(
        "depth", .integer, "How many folders deep to go; 0 is without end.", default: 0),
      ArgumentSpecification(
        "extensions", .list, "Which files of a folder count.", default: ["json", "yaml", "yml"]),
    ], freeForm: "free_form",
    results: [
      ("ansible_facts", "The variables."), ("ansible_included_var_files", "The files read."),
    ],
    example: """
      - name: Variables of the distribution
        ansible.builtin.include_vars: "{{ ansible_distribution | lower }}.yml"
      """, isControllerOnly: true)

  private let variables: OrderedDictionary<String, Value>
  private let paths: [String]

  package init(_ arguments: Arguments) throws(ArgumentError) {
    let files = arguments.context.files
    let named = try arguments.string("file")
    let free = try arguments.string("free_form")
    if let name = named ?? free {
      paths = [try files.locate(name, in: "vars")]
    } else if let folder = try arguments.string("dir") {
      let depth = try arguments.integer("depth") ?? 0
      let extensions = try arguments.strings("extensions") ?? []
      let found = try files.locate(folder, in: "vars")
      paths = try files.list(found).filter { path in
        let isDeepEnough = depth == 0 || path.split(separator: "/").count <= depth
        return isDeepEnough && extensions.contains { path.hasSuffix("." + $0) }
      }.map { found + "/" + $0 }
    } else {
      throw ArgumentError("no file given", help: "write `include_vars: FILE`, or `file:` or `dir:`")
    }
    var read: OrderedDictionary<String, Value> = [:]
    for path in paths {
      let content = try files.variables(path)
      guard case .dict(let dict) = content.unmarked() else {
        throw ArgumentError(
          argument: "file", "\(path) must hold a dictionary of variables")
      }
      for (key, value) in dict { read[key.description] = value.marked(content.marks) }
    }
    if let name = try arguments.string("name") { read = [name: .object(read)] }
    variables = read
  }

  package var probe: Probe<Void> { Probe(()) }

  package func diff(from current: Void) -> Change {
    Change(
      result: [
        "ansible_facts": .object(variables), "ansible_included_var_files": .strings(paths),
      ],
      effects: [.variables(variables, isCacheable: false)])
  }
}
