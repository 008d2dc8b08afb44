/// A few names and what they stand for.
///
/// Blocks and loops set two or three names: comparing these is faster than hashing. Where there
/// are more, an index is kept.
struct NameTable {
  private var entries: [(name: String, operand: Operand)] = []
  private var index: [String: Int] = [:]
  private static let smallCount = 8

  subscript(name: String) -> Operand? {
    get { position(of: name).map { entries[$0].operand } }
    set {
      guard let newValue else { return remove(name) }
      if let position = position(of: name) {
        entries[position].operand = newValue
      } else {
        entries.append((name, newValue))
        if !index.isEmpty || entries.count > Self.smallCount { extendIndex() }
      }
    }
  }

  private func position(of name: String) -> Int? {
    if !index.isEmpty { return index[name] }
    for position in entries.indices where entries[position].name == name { return position }
    return nil
  }

  private mutating func extendIndex() {
    for position in index.count..<entries.count { index[entries[position].name] = position }
  }

  private mutating func remove(_ name: String) {
    entries.removeAll { $0.name == name }
    if !index.isEmpty {
      index = [:]
      extendIndex()
    }
  }

  /// Takes the names that aren't there yet.
  mutating func merge(_ other: NameTable) {
    for (name, operand) in other.entries where self[name] == nil { self[name] = operand }
  }

  /// Forgets all names, and keeps the room for as many.
  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    index = [:]
  }
}
