package import OrderedCollections
package import Templates

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

  /// These keywords as they hold inside of a place that has `outer`.
  package func inheriting(from outer: Keywords) -> Keywords {
    var result = self
    result.variables = outer.variables.merging(variables) { $1 }
    result.when = outer.when + when
    result.tags = outer.tags + tags.filter { !outer.tags.contains($0) }
    // The later entries override the earlier: the outermost stands first.
    result.environment = outer.environment + environment
    result.moduleDefaults = outer.moduleDefaults + moduleDefaults
    result.become = become ?? outer.become
    result.becomeUser = becomeUser ?? outer.becomeUser
    result.becomeMethod = becomeMethod ?? outer.becomeMethod
    result.becomeFlags = becomeFlags ?? outer.becomeFlags
    result.becomeExecutable = becomeExecutable ?? outer.becomeExecutable
    result.connection = connection ?? outer.connection
    result.remoteUser = remoteUser ?? outer.remoteUser
    result.port = port ?? outer.port
    result.noLog = noLog ?? outer.noLog
    result.checkMode = checkMode ?? outer.checkMode
    result.diff = diff ?? outer.diff
    result.ignoreErrors = ignoreErrors ?? outer.ignoreErrors
    result.ignoreUnreachable = ignoreUnreachable ?? outer.ignoreUnreachable
    result.anyErrorsFatal = anyErrorsFatal ?? outer.anyErrorsFatal
    result.runOnce = runOnce ?? outer.runOnce
    result.throttle = throttle ?? outer.throttle
    result.timeout = timeout ?? outer.timeout
    return result
  }
}
