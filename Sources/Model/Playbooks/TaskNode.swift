package import Diagnostics

/// A task, or a block of them.
package enum TaskNode: Sendable {
  case task(TaskDefinition)
  case block(Block)

  package var range: SourceRange {
    switch self {
    case .task(let task): task.range
    case .block(let block): block.range
    }
  }
}
