/// The names that a block of a template has set.
///
/// Blocks and loops set two or three names: comparing their hashes one by one is faster than any
/// table. Where there are more, an index is kept. The entries are kept behind a pointer: in an
/// array the checks for exclusive access were a tenth of a rendering's time, measured.
final class Frame {
  private struct Entry {
    let name: Name
    var operand: Operand
  }

  let parent: Frame?
  private var entries = UnsafeMutablePointer<Entry>.allocate(capacity: Frame.firstCapacity)
  private var capacity = Frame.firstCapacity
  private var count = 0
  private var index: [Name: Int] = [:]
  /// Whether a macro sees the names of this block for as long as it lives; a loop uses the frame
  /// of one pass for the next where none does.
  private(set) var isHeld = false

  private static let firstCapacity = 4
  private static let unindexedCount = 16

  init(in parent: Frame?) { self.parent = parent }

  deinit {
    entries.deinitialize(count: count)
    entries.deallocate()
  }

  /// What a name stands for in this block itself.
  subscript(name: Name) -> Operand? {
    get { position(of: name).map { entries[$0].operand } }
    set {
      guard let newValue else { return remove(name) }
      if let position = position(of: name) {
        entries[position].operand = newValue
      } else {
        append(Entry(name: name, operand: newValue))
      }
    }
  }

  /// What a name stands for in this block and those around it.
  func lookUp(_ name: Name) -> Operand? {
    if let position = position(of: name) { return entries[position].operand }
    return parent?.lookUp(name)
  }

  private func position(of name: Name) -> Int? {
    if count > Self.unindexedCount { return index[name] }
    for position in 0..<count where entries[position].name == name { return position }
    return nil
  }

  private func append(_ entry: Entry) {
    if count == capacity { grow() }
    (entries + count).initialize(to: entry)
    count += 1
    if count > Self.unindexedCount { extendIndex() }
  }

  private func grow() {
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: entries, count: count)
    entries.deallocate()
    entries = larger
    capacity *= 2
  }

  private func extendIndex() {
    for position in index.count..<count { index[entries[position].name] = position }
  }

  private func remove(_ name: Name) {
    guard let position = position(of: name) else { return }
    (entries + position).deinitialize(count: 1)
    (entries + position).moveInitialize(from: entries + position + 1, count: count - position - 1)
    count -= 1
    index = [:]
    if count > Self.unindexedCount { extendIndex() }
  }

  /// Takes the names that aren't there yet.
  private func merge(_ other: Frame) {
    for position in 0..<other.count {
      let entry = other.entries[position]
      if self.position(of: entry.name) == nil { append(entry) }
    }
  }

  /// Forgets all names, and keeps the room for as many.
  func removeAll() {
    entries.deinitialize(count: count)
    count = 0
    index = [:]
  }

  /// Notes that a macro was defined here, or in a block inside of this one.
  func hold() {
    if isHeld { return }
    isHeld = true
    parent?.hold()
  }

  /// The block that set a name.
  func owner(of name: Name) -> Frame? {
    position(of: name) == nil ? parent?.owner(of: name) : self
  }

  /// The names of this block and those around it, as they are now.
  var flattened: Frame {
    let flat = Frame(in: nil)
    var frame: Frame? = self
    while let current = frame {
      flat.merge(current)
      frame = current.parent
    }
    return flat
  }

  /// The outermost block: the template itself.
  var root: Frame { parent?.root ?? self }
}
