package import Diagnostics
package import Templates

/// One task, as written.
package struct TaskDefinition: Sendable {
  package var name: Expression?
  /// The module, include or import as the task names it: `ansible.builtin.copy`, `include_tasks`.
  package var action: Located<String>
  package var arguments: TaskArguments
  package var keywords = Keywords()
  package var register: String?
  /// `loop:` or `with_X:`.
  package var loop: Loop?
  package var until: [Condition] = []
  package var retries: Expression?
  /// Seconds.
  package var delay: Expression?
  package var changedWhen: [Condition] = []
  package var failedWhen: [Condition] = []
  /// The block's and the task's own.
  package var notify: [Expression] = []
  /// Handlers only: the topics it answers to beside its name.
  package var listen: [String] = []
  package var delegateTo: Expression?
  package var delegatesFacts: Expression?
  /// `async:`, in seconds.
  package var asynchronous: Expression?
  /// Seconds.
  package var poll: Expression?
  /// The extension keys `id:` and `needs:` of tasks of a `graph` play.
  package var id: String?
  package var needs: [Located<String>]?
  /// Nil outside of roles.
  package var role: Role?
  /// The folder of the file that it stands in.
  package var folder: String
  package var range: SourceRange

  package init(
    action: Located<String>, arguments: TaskArguments, folder: String, at range: SourceRange
  ) {
    self.action = action
    self.arguments = arguments
    self.folder = folder
    self.range = range
  }

  /// The action without `ansible.builtin.` or `ansible.legacy.`.
  package var shortAction: String { ModuleCatalog.shortName(action.content) }
}
