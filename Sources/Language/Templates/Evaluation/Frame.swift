/// The names that a block of a template has set.
final class Frame {
  var names = NameTable()
  let parent: Frame?

  init(in parent: Frame?) { self.parent = parent }

  /// What a name stands for in this block and those around it.
  func lookUp(_ name: String) -> Operand? {
    names[name] ?? parent?.lookUp(name)
  }

  /// The block that set a name.
  func owner(of name: String) -> Frame? {
    var frame: Frame? = self
    while let current = frame {
      if current.names[name] != nil { return current }
      frame = current.parent
    }
    return nil
  }

  /// The names of this block and those around it, as they are now.
  var flattened: Frame {
    let flat = Frame(in: nil)
    var frame: Frame? = self
    while let current = frame {
      flat.names.merge(current.names)
      frame = current.parent
    }
    return flat
  }

  /// The outermost block: the template itself.
  var root: Frame {
    var frame = self
    while let parent = frame.parent { frame = parent }
    return frame
  }
}
