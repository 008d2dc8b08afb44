import Diagnostics
import OrderedCollections
import Templates
import Values

/// `orchestrate template --batch`: a JSON object a line in, an answer a line out.
struct TemplateBatch {
  /// Answers until standard input ends; a line that can't be read gets an error as its answer.
  func run() {
    while let line = readLine() {
      if line.utf8.allSatisfy({ $0 == 32 }) { continue }
      TextFile.standardOutput(answer(line).json(.compact) + "\n")
    }
  }

  private func answer(_ line: String) -> Value {
    let request: Value
    do throws(JSONError) { request = try Value(json: line) } catch {
      return ["id": nil, "error": problem("runtime", "this is no JSON: \(error)", nil)]
    }
    let id = request["id"] ?? .null
    guard case .string(let source)? = request["source"] else {
      return ["id": id, "error": problem("runtime", "`source` must be text", nil)]
    }
    do throws(TemplateError) {
      return try rendering(of: source, request).answer(to: id)
    } catch {
      return ["id": id, "error": problem(error.plainKind, error.message, error.line)]
    }
  }

  private func problem(_ kind: String, _ message: String, _ line: Int?) -> Value {
    ["kind": .string(kind), "message": .string(message), "line": line.map { .int($0) } ?? .null]
  }

  private func rendering(
    of source: String, _ request: Value
  ) throws(TemplateError) -> Rendering {
    let settings = TemplateSettings(request["options"] ?? [:])
    // A benchmark has it rendered anew, and asks for the time of the fastest.
    var repetitions = 0
    if case .int(let count)? = request["options"]?["repeat"] { repetitions = max(0, count) }
    let file = SourceFile(path: "<template>", text: source)
    let range = SourceRange(file: file, line: 1, column: 1)
    let scope = settings.scope(request)
    var rendering = Rendering()
    for _ in 0..<max(1, repetitions) {
      let template = Template(source, at: range, options: settings.options)
      let start = ContinuousClock.now
      try template.parseNow()
      let middle = ContinuousClock.now
      rendering.output = try template.evaluate(in: scope)
      rendering.parsing = min(rendering.parsing, start.duration(to: middle))
      rendering.evaluation = min(rendering.evaluation, middle.duration(to: .now))
    }
    rendering.isTimed = repetitions > 0
    return rendering
  }

  /// A template's result, and how long the fastest of its repetitions took.
  private struct Rendering {
    var output = Value.null
    var parsing = Duration.seconds(1_000_000)
    var evaluation = Duration.seconds(1_000_000)
    var isTimed = false

    func answer(to id: Value) -> Value {
      var answer: OrderedDictionary<String, Value> = [
        "id": id, "output": output.unmarkedDeeply(),
      ]
      if isTimed {
        answer["parse_seconds"] = .float(parsing / .seconds(1))
        answer["render_seconds"] = .float(evaluation / .seconds(1))
      }
      return .object(answer)
    }
  }
}

extension TemplateSettings {
  /// Where a request's template is rendered.
  fileprivate func scope(_ request: Value) -> Scope {
    var variables: [String: Variable] = [:]
    if case .dict(let all)? = request["vars"] {
      for case (.string(let name), let value) in all {
        variables[name] =
          dialect.isAnsible
          ? .expression(Expression(data: value, at: .synthesized("vars"))) : .value(value)
      }
    }
    var sources: [String: String] = [:]
    if case .dict(let all)? = request["templates"] {
      for case (.string(let name), .string(let text)) in all { sources[name] = text }
    }
    var scope = Scope(
      CommandVariables(all: variables),
      resources: SearchPath(folders: [], sources: sources, wrapping: .standard))
    scope.dialect = dialect
    return scope
  }
}
