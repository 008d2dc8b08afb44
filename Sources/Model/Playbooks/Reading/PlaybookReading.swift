internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

/// One reading of a playbook: collects what is wrong, and goes on.
final class PlaybookReading {
  let reader: PlaybookReader
  var diagnostics: [Diagnostic] = []
  /// Roles read so far by their identity.
  var roles: [String: Role] = [:]
  /// Of `import_role` in the play at hand.
  var importedRoles: [Role] = []
  /// The same with `public: false`.
  var privateRoles: [Role] = []
  var importedHandlers: [TaskNode] = []
  /// The identities of the roles in the play's `roles:` so far.
  var usedRoles: Set<String> = []
  private var documents: [String: Expression] = [:]

  init(_ reader: PlaybookReader) { self.reader = reader }

  var files: any PlaybookSources { reader.files }
  var modules: ModuleCatalog { reader.modules }

  /// Notes a mistake.
  func report(
    _ message: String, at range: SourceRange?, help: String? = nil,
    notes: [Located<String>] = []
  ) {
    diagnostics.append(Diagnostic(.error, message, at: range, help: help, notes: notes))
  }

  /// Throws what was noted, file by file in the order of the text.
  func failIfWrong() throws(Diagnostics) {
    if diagnostics.isEmpty { return }
    var files: [String] = []
    for diagnostic in diagnostics {
      let path = diagnostic.range?.file.path ?? ""
      if !files.contains(path) { files.append(path) }
    }
    throw Diagnostics(
      files.flatMap { path in
        diagnostics.filter { ($0.range?.file.path ?? "") == path }
          .sorted { left, right in
            guard let left = left.range, let right = right.range else { return false }
            return left.start < right.start
          }
      })
  }

  /// A file's document, read once; nil, and reported, where it can't be read.
  func document(_ path: String) -> Expression? {
    if let known = documents[path] { return known }
    do throws(Diagnostics) {
      let document = try files.readYAML(path)
      documents[path] = document
      return document
    } catch {
      diagnostics += error.all
      return nil
    }
  }

  /// Checks the templates in what somebody wrote.
  func check(_ expression: Expression) {
    switch expression {
    case .literal: return
    case .template(let template):
      do throws(TemplateError) { try template.check() } catch {
        diagnostics.append(error.diagnostic)
      }
    case .list(let items, _): items.forEach(check)
    case .dict(let entries, _):
      for entry in entries {
        check(entry.key)
        check(entry.value)
      }
    }
  }

  /// A name that must be known before the run; templates may use what is known by then.
  func staticText(
    _ expression: Expression, context: TaskContext, instead: String
  ) -> Located<String>? {
    if let text = plainText(expression) { return Located(text, at: expression.range) }
    guard case .template(let template) = expression else {
      report("this must be text", at: expression.range)
      return nil
    }
    do throws(TemplateError) {
      let value = try template.evaluate(in: staticScope(context))
      if let text = scalarText(value) { return Located(text, at: expression.range) }
      report("`\(template.text)` must be text", at: expression.range)
    } catch {
      report(
        "`\(template.text)` isn't known before the run: \(error.message)", at: expression.range,
        help: instead)
    }
    return nil
  }

  /// The value, where it is known before the run.
  func evaluated(_ expression: Expression, context: TaskContext) -> Value? {
    do throws(TemplateError) {
      return try expression.evaluate(in: staticScope(context))
    } catch { return nil }
  }

  private func staticScope(_ context: TaskContext) -> Scope {
    var variables: [String: Variable] = [:]
    for (name, expression) in context.variables { variables[name] = .expression(expression) }
    variables["playbook_dir"] = .value(.string(context.playFolder))
    if let role = context.role {
      for (name, expression) in role.defaults where variables[name] == nil {
        variables[name] = .expression(expression)
      }
      for (name, expression) in role.variables { variables[name] = .expression(expression) }
      variables["role_path"] = .value(.string(role.folder))
      variables["role_name"] = .value(.string(role.name))
    }
    for (name, value) in reader.extraVariables { variables[name] = .value(value) }
    return Scope(OverlaidVariables(variables, over: NoVariables()))
  }
}

/// No variable at all.
private struct NoVariables: VariableSource {
  func variable(named name: String) -> Variable? { nil }
  var names: [String] { [] }
}
