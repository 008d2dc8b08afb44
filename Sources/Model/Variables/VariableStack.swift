package import Templates

/// Layers of variables, the strongest first.
package struct VariableStack: Sendable {
  package private(set) var layers: [VariableLayer] = []

  /// The stack of layers in the order in which they are given: of two with the same level the later
  /// is the stronger.
  package init(_ layers: [VariableLayer] = []) {
    let numbered = layers.enumerated().filter { !$0.element.isEmpty }
    self.layers = numbered.sorted { left, right in
      (left.element.level, left.offset) > (right.element.level, right.offset)
    }.map(\.element)
  }

  /// This stack with layers laid on it, each above those of its level.
  package func adding(_ more: [VariableLayer]) -> VariableStack {
    if more.isEmpty { return self }
    return VariableStack(layers.reversed() + more)
  }

  /// What the strongest layer that knows the name says.
  package func variable(named name: String) -> Variable? {
    for layer in layers {
      if let variable = layer.variable(named: name) { return variable }
    }
    return nil
  }

  /// The part of the stack with certain levels.
  func part(_ levels: ClosedRange<VariableLevel>) -> ArraySlice<VariableLayer> {
    let start = layers.firstIndex { levels.contains($0.level) } ?? layers.endIndex
    let end = layers[start...].firstIndex { !levels.contains($0.level) } ?? layers.endIndex
    return layers[start..<end]
  }
}
