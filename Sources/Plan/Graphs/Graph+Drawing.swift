extension Graph {
  /// A line a node in the order of writing, with what it comes after: `c ← a, b`.
  package func text(_ label: (Node) -> String) -> String {
    written.map { id in
      let first = inOrder(predecessors(of: id)).map { label(self[$0]) }
      return label(self[id]) + (first.isEmpty ? "" : " ← " + first.joined(separator: ", ")) + "\n"
    }.joined()
  }

  /// The graph for Graphviz.
  package func dot(name: String, _ label: (Node) -> String) -> String {
    var text = "digraph \"\(Self.escaped(name))\" {\n  rankdir=LR\n  node [shape=box]\n"
    for id in written { text += "  \(id) [label=\"\(Self.escaped(label(self[id])))\"]\n" }
    for id in written {
      for then in inOrder(successors(of: id)) { text += "  \(id) -> \(then)\n" }
    }
    return text + "}\n"
  }

  /// The graph for Mermaid, as Markdown pages show it.
  package func mermaid(_ label: (Node) -> String) -> String {
    var text = "flowchart LR\n"
    for id in written { text += "  \(id)[\"\(Self.entities(label(self[id])))\"]\n" }
    for id in written {
      for then in inOrder(successors(of: id)) { text += "  \(id) --> \(then)\n" }
    }
    return text
  }

  private func inOrder(_ ids: [NodeID]) -> [NodeID] {
    ids.sorted { position(of: $0) < position(of: $1) }
  }

  /// Text in a quoted string of DOT.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.append(character)
      }
    }
  }

  /// Text in a quoted string of Mermaid, which knows HTML's entities.
  private static func entities(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n": result += "<br>"
      default: result.append(character)
      }
    }
  }
}

extension Graph: CustomStringConvertible where Node: CustomStringConvertible {
  package var description: String { text(\.description) }
}
