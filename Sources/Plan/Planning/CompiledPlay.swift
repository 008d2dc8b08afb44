internal import Diagnostics
package import Playbooks

/// A play with its hosts and tasks found out.
package struct CompiledPlay: Sendable {
  package var play: Play
  /// Its place in the playbook, from 0.
  package var index: Int
  /// Hosts of all batches, in the order of the run.
  package var hosts: [String]
  /// `serial`'s batches; one batch without it.
  package var batches: [[String]]
  /// Tasks and flush points, in order.
  package var items: [PlayItem]
  /// In the order in which they run: the roles', then the play's.
  package var handlers: [HandlerDefinition]
  /// Its hosts can only be told when plays before it have added hosts or groups.
  package var isUnresolved = false
}

extension CompiledPlay {
  /// Whether its tasks add hosts or groups, or may include some that do.
  var changesInventory: Bool {
    items.contains { item in
      guard case .task(let instance) = item else { return false }
      return ["add_host", "group_by", "include_tasks", "include_role"]
        .contains(instance.definition.shortAction)
    }
  }
}

/// What a play goes through.
package enum PlayItem: Sendable {
  case task(TaskInstance)
  /// Notified handlers run here, from this place among the play's on.
  case flush(order: [Int], from: Int = 0)
}

/// A handler of a play, ready to be made an instance wherever it is flushed.
package struct HandlerDefinition: Sendable {
  package var definition: TaskDefinition
  package var keywords: Keywords
  package var tags: [String]
  package var layers: TaskLayers
  package var role: Role?
  /// Of handlers with one name, those of the later list win, and within a list the first.
  package var list: Int

  package init(
    definition: TaskDefinition, keywords: Keywords, tags: [String], layers: TaskLayers,
    role: Role?, list: Int
  ) {
    self.definition = definition
    self.keywords = keywords
    self.tags = tags
    self.layers = layers
    self.role = role
    self.list = list
  }

  /// The handler as a task of a flush point.
  package func instance(order: [Int], play: Int) -> TaskInstance {
    TaskInstance(
      order: order, definition: definition, keywords: keywords, tags: tags, guards: [],
      layers: layers, role: role, play: play, kind: .handler)
  }

  /// Whether a notification by this name means it; by topics, see `definition.listen`.
  ///
  /// - Parameter own: The handler's name, evaluated.
  package func isCalled(_ name: String, own: String) -> Bool {
    own == name || role.map { "\($0.name) : \(own)" == name } ?? false
  }
}
