internal import Diagnostics
internal import OrderedCollections
internal import Planning
internal import Templates
internal import Variables

extension TaskLayers {
  /// The layers by level.
  func levels(at range: SourceRange) -> [VariableLayer] {
    var layers: [VariableLayer] = []
    if !block.isEmpty { layers.append(VariableLayer(.block, block, at: range)) }
    if !task.isEmpty { layers.append(VariableLayer(.task, task, at: range)) }
    if !roleParameters.isEmpty {
      layers.append(VariableLayer(.roleParameters, roleParameters, at: range))
    }
    if !includeParameters.isEmpty {
      layers.append(VariableLayer(.includeParameters, includeParameters, at: range))
    }
    return layers
  }
}
