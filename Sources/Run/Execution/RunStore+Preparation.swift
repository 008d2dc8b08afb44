package import Diagnostics
internal import Documents
package import OrderedCollections
package import Planning
internal import Playbooks
internal import Synchronization
internal import Templates
package import Values
internal import Variables

extension RunStore {
  /// Reads a play's `vars_files` for its hosts, and takes the answers to its `vars_prompt`.
  package func prepare(
    _ play: CompiledPlay, prompts: OrderedDictionary<String, Value>
  ) throws(Diagnostics) {
    state.withLock { $0.plays[play.index] = nil }
    if !prompts.isEmpty {
      for (_, value) in prompts { redactor.learn(from: value) }
      state.withLock { $0.prompts[play.index] = VariableLayer(.prompts, prompts) }
    }
    redactor.learn(from: play.play.keywords.variables)
    for use in play.play.roles {
      redactor.learn(from: use.role.variables)
      redactor.learn(from: use.role.defaults)
      redactor.learn(from: use.keywords.variables)
      redactor.learn(from: use.parameters)
    }
    try readFiles(of: play, for: play.hosts)
  }

  package func prepare(_ host: String, for play: CompiledPlay) throws(Diagnostics) {
    try readFiles(of: play, for: [host])
  }

  /// Reads a play's `vars_files` as hosts see their names.
  private func readFiles(of play: CompiledPlay, for hosts: [String]) throws(Diagnostics) {
    guard !play.play.variableFiles.isEmpty else { return }
    var known: [String: OrderedDictionary<String, Expression>] = [:]
    for host in hosts {
      let scope = state.withLock { state in
        let context = Self.context(of: play, &state)
        return state.hosts.scope(for: host, play: context, run: state.run)
      }
      var layers: [VariableLayer] = []
      for file in play.play.variableFiles {
        let path = try path(of: file, in: Scope(scope, resources: resources(playbookSearch)), play)
        if known[path] == nil {
          let variables = try reader.variables(in: path)
          redactor.learn(from: variables)
          known[path] = variables
        }
        let variables = known[path] ?? [:]
        layers.append(VariableLayer(.files, variables, at: file.range, detail: path))
      }
      let found = layers
      state.withLock { $0.files[play.index, default: [:]][host] = found }
    }
  }

  /// The file that an entry of `vars_files` names; of a list the first that is there.
  private func path(
    of file: Expression, in scope: Scope, _ play: CompiledPlay
  ) throws(Diagnostics) -> String {
    let value: Value
    do throws(TemplateError) { value = try file.evaluate(in: scope) } catch {
      var diagnostic = error.diagnostic
      diagnostic.help = "`vars_files` is read before the run: use what the inventory defines"
      throw Diagnostics(diagnostic)
    }
    let names: [String]
    if case .list(let items) = value.unmarked() {
      names = items.map(\.description)
    } else {
      names = [value.unmarked().description]
    }
    let search = FileSearch(
      roles: [], taskFolder: play.play.folder, playFolder: play.play.folder)
    let candidates = names.flatMap { search.candidates(for: $0, in: "vars") }
    if let path = candidates.first(where: { FileSearch.isFolder($0) == false }) { return path }
    throw Diagnostics(
      Diagnostic(
        .error, "there is no file \(names.map { "`\($0)`" }.joined(separator: " or "))",
        at: file.range, help: "looked for " + candidates.joined(separator: ", ")))
  }
}
