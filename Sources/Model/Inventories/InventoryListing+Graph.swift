internal import OrderedCollections
internal import Templates
internal import Values

extension InventoryListing {
  /// The groups below one as a tree, with their hosts; with variables where they are asked for.
  ///
  /// Like ansible-inventory's, it doesn't know of limits, and shows a group below each parent.
  package func graph(from group: String = "all", withVariables: Bool = false) -> String {
    var text = WrittenText(showsSecrets: showsSecrets)
    text.decrypts = true
    text.hasDates = false
    var drawing = GraphDrawing(listing: self, text: withVariables ? text : nil)
    drawing.draw(group: group, depth: 0)
    return drawing.lines.joined(separator: "\n") + "\n"
  }
}

/// The lines of a tree of groups.
private struct GraphDrawing {
  let listing: InventoryListing
  /// How variables are shown; nil for none.
  let text: WrittenText?
  private var merge: VariableMerge?
  var lines: [String] = []
  /// What was drawn of a host, in lines without their indentation.
  private var known: [String: [String]] = [:]

  init(listing: InventoryListing, text: WrittenText?) {
    self.listing = listing
    self.text = text
    merge = text.map { VariableMerge(listing: listing, text: $0) }
  }

  mutating func draw(group name: String, depth: Int) {
    guard let group = listing.inventory.groups[name] else { return }
    add("@\(name):", depth)
    for child in group.children { draw(group: child, depth: depth + 1) }
    if name != "all" {
      for host in group.hosts {
        add(host, depth + 1)
        draw(variables(ofHost: host), depth + 2)
      }
    }
    if let text { draw(Self.lines(listing.variables(ofGroup: name, text)), depth + 1) }
  }

  private mutating func variables(ofHost host: String) -> [String] {
    if let lines = known[host] { return lines }
    guard let variables = merge?.variables(ofHost: host) else { return [] }
    let lines = Self.lines(variables)
    known[host] = lines
    return lines
  }

  private static func lines(_ variables: OrderedDictionary<String, Value>) -> [String] {
    variables.keys.sorted(by: bytewise).map { name in
      "{\(name) = \(PythonText.str(variables[name] ?? .null))}"
    }
  }

  private mutating func draw(_ variables: [String], _ depth: Int) {
    for line in variables { add(line, depth) }
  }

  private mutating func add(_ content: String, _ depth: Int) {
    lines.append(
      depth == 0 ? content : String(repeating: "  |", count: depth) + "--" + content)
  }
}
