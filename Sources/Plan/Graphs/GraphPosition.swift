/// Where a node stands in the order of a graph.
///
/// Nodes that are added at the end count up; nodes inserted behind another one extend its
/// position, so they stand after it and before all that came after it.
package struct GraphPosition: Hashable, Sendable, Comparable {
  var major: Int
  var minor: [Int] = []

  package static func < (left: GraphPosition, right: GraphPosition) -> Bool {
    if left.major != right.major { return left.major < right.major }
    return left.minor.lexicographicallyPrecedes(right.minor)
  }

  /// Whether it was inserted behind what stands at `place`.
  func isBehind(_ place: GraphPosition) -> Bool {
    major == place.major && minor.count > place.minor.count && minor.starts(with: place.minor)
  }
}
