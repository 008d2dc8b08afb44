package import Diagnostics
package import OrderedCollections
package import Templates

/// A playbook with everything that can be known before the run read in: imported playbooks,
/// roles with their dependencies, imported tasks. What is *included* is read when it is reached.
package struct Playbook: Sendable {
  package var path: String
  package var plays: [Play]

  package init(path: String, plays: [Play]) {
    self.path = path
    self.plays = plays
  }
}

/// One play.
package struct Play: Sendable {
  package var name: String?
  /// Host patterns, possibly templates.
  package var hosts: Expression
  /// The extension keys `id:` and `needs:`; nil where the play runs after the one before it.
  package var id: String?
  package var needs: [Located<String>]?
  package var keywords: Keywords
  /// `linear`, `free`, `host_pinned` or `graph`.
  package var strategy: String
  /// Batch sizes: numbers or percentages; empty for all at once.
  package var serial: [Expression]
  package var maxFailPercentage: Expression?
  package var gathersFacts: Expression?
  package var gatherSubset: [String]?
  package var variableFiles: [Expression]
  package var variablePrompts: [VariablePrompt]
  package var roles: [RoleUse]
  package var preTasks: [TaskNode]
  package var tasks: [TaskNode]
  package var postTasks: [TaskNode]
  /// The play's own; roles bring theirs.
  package var handlers: [TaskNode]
  package var forceHandlers: Bool
  package var order: String?
  /// The folder of the playbook file, first in the search path.
  package var folder: String
  package var range: SourceRange
}

/// `vars_prompt:`.
package struct VariablePrompt: Sendable {
  package var name: String
  package var prompt: String
  package var defaultValue: Expression?
  package var isPrivate: Bool
  package var range: SourceRange
}

/// A task, or a block of them.
package enum TaskNode: Sendable {
  case task(TaskDefinition)
  case block(Block)
}

/// `block:` with `rescue:` and `always:`. An imported file of tasks is a block without them.
package struct Block: Sendable {
  package var name: String?
  package var keywords: Keywords
  package var tasks: [TaskNode]
  package var rescue: [TaskNode]
  package var always: [TaskNode]
  /// Nil outside of roles.
  package var role: Role?
  package var range: SourceRange
}

/// One task, as written.
package struct TaskDefinition: Sendable {
  package var name: Expression?
  /// The module, include or import as the task names it: `ansible.builtin.copy`, `include_tasks`.
  package var action: Located<String>
  package var arguments: TaskArguments
  package var keywords: Keywords
  package var register: String?
  /// `loop:` or `with_X:`.
  package var loop: Loop?
  package var until: [Condition]
  package var retries: Expression?
  package var delay: Expression?
  package var changedWhen: [Condition]
  package var failedWhen: [Condition]
  package var notify: [Expression]
  /// Handlers only: the topics it answers to beside its name.
  package var listen: [String]
  package var delegateTo: Expression?
  package var delegatesFacts: Expression?
  package var asynchronous: Expression?
  package var poll: Expression?
  /// The extension keys `id:` and `needs:` of tasks of a `graph` play.
  package var id: String?
  package var needs: [Located<String>]?
  /// Nil outside of roles.
  package var role: Role?
  /// The folder of the file that it stands in.
  package var folder: String
  package var range: SourceRange
}

/// How a task gives its module's arguments.
package enum TaskArguments: Sendable {
  case none
  /// `module: {key: value}` or `args:`; merged.
  case dict([Expression.Entry])
  /// `command: ls -l`, with `args:` beside it.
  case freeForm(Expression, also: [Expression.Entry])
  /// `module: "{{ dict }}"`.
  case template(Expression, also: [Expression.Entry])
}

/// `loop:`, `with_items:` and the like, with `loop_control:`.
package struct Loop: Sendable {
  /// `loop`, or the lookup that `with_X` names: `items`, `dict`, `sequence`, …
  package var kind: String
  package var items: Expression
  package var variable: String = "item"
  package var indexVariable: String?
  package var label: Expression?
  package var pause: Expression?
  package var isExtended: Bool = false
  package var breakWhen: [Condition] = []
}

/// A condition: a bare Jinja2 expression, or a boolean as written.
package struct Condition: Sendable {
  package var text: String
  package var expression: Expression
  package var range: SourceRange

  package init(text: String, expression: Expression, at range: SourceRange) {
    self.text = text
    self.expression = expression
    self.range = range
  }
}

/// What plays, roles, blocks and tasks share; the inner wins, `when` and `tags` add up.
package struct Keywords: Sendable {
  package var variables: OrderedDictionary<String, Expression> = [:]
  package var when: [Condition] = []
  package var tags: [String] = []
  package var become: Expression?
  package var becomeUser: Expression?
  package var becomeMethod: Expression?
  package var becomeFlags: Expression?
  package var becomeExecutable: Expression?
  package var connection: Expression?
  package var remoteUser: Expression?
  package var port: Expression?
  package var environment: [Expression] = []
  package var noLog: Expression?
  package var checkMode: Expression?
  package var diff: Expression?
  package var ignoreErrors: Expression?
  package var ignoreUnreachable: Expression?
  package var anyErrorsFatal: Expression?
  package var runOnce: Expression?
  package var throttle: Expression?
  package var timeout: Expression?
  package var moduleDefaults: [Expression] = []

  package init() {}
}

/// A role as a play, a dependency or a task uses it.
package struct RoleUse: Sendable {
  package var role: Role
  /// Of the place that uses it; `vars:` and bare parameters are in `variables`.
  package var keywords: Keywords
  package var tasks: [TaskNode]
  package var handlers: [TaskNode]
  package var range: SourceRange
}

/// A role's folder and what it defines for all who use it.
package final class Role: Sendable {
  package let name: String
  package let folder: String
  package let defaults: OrderedDictionary<String, Expression>
  package let variables: OrderedDictionary<String, Expression>
  /// `allow_duplicates` of `meta/main.yml`.
  package let allowsDuplicates: Bool
  /// Roles that this one depends on, and those that they do; their variables are seen here, too.
  package let dependencies: [Role]

  package init(
    name: String, folder: String, defaults: OrderedDictionary<String, Expression>,
    variables: OrderedDictionary<String, Expression>, allowsDuplicates: Bool,
    dependencies: [Role]
  ) {
    self.name = name
    self.folder = folder
    self.defaults = defaults
    self.variables = variables
    self.allowsDuplicates = allowsDuplicates
    self.dependencies = dependencies
  }
}
