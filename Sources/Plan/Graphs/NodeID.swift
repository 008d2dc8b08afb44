/// A node of a graph: its index, dense from 0 in the order of adding.
package struct NodeID: Hashable, Sendable {
  package let index: Int

  package init(_ index: Int) { self.index = index }
}

extension NodeID: CustomStringConvertible {
  package var description: String { "n\(index)" }
}
