package import Templates

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
