internal import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

extension DnfTask {
  /// What has to be installed, upgraded or removed.
  package func change(from state: State) -> Change {
    var change = packageChange(from: state)
    if change.failure != nil { return change }
    if change.actions.isEmpty {
      change.result = ["rc": 0, "results": .list([]), "msg": "Nothing to do"]
      return change
    }
    let counts = change.counts
    let summaries = change.actions.map(\.summary)
    change.result = ["results": .list([])]
    change.unknownResults = ["rc", "stdout", "stderr", "stdout_lines"]
    change.finish = { outputs in
      guard let output = outputs.last else { return Completion() }
      let result = output.result(stripsEnds: false)
      if output.status != 0 {
        let failure = Self.failure(of: output, summaries[outputs.count - 1])
        return Completion(result: result, failure: failure)
      }
      return Completion(result: result, changed: counts)
    }
    return change
  }

  /// dnf's own words, and Ansible's where a package doesn't exist.
  private static func failure(of output: CommandOutput, _ command: String) -> String {
    let reasons = [
      "No match for argument: ",
      "All matches were filtered out by exclude filtering for argument: ",
    ]
    var missing: [String] = []
    for line in (output.text + "\n" + output.errorText).split(separator: "\n") {
      for reason in reasons {
        guard let start = line.firstRange(of: reason)?.upperBound else { continue }
        missing.append(String(line[start...]).trimmed)
      }
    }
    if !missing.isEmpty {
      return "Failed to install some of the specified packages: "
        + missing.map { "No package \($0) available." }.joined(separator: " ")
    }
    return "'\(command)' failed: \(output.complaint)"
  }

  private func packageChange(from state: State) -> Change {
    if requests.isEmpty, let candidates = state.candidates { return wholeChange(candidates) }
    if requests.isEmpty {
      return Change(
        actions: [action("makecache", [])], reason: "the lists of packages are brought",
        counts: false)
    }
    return goal == .absent ? removal(state) : installation(state)
  }

  /// Everything that can be upgraded, or that nothing needs.
  private func wholeChange(_ candidates: RPMCandidates) -> Change {
    if candidates.packages.isEmpty { return .satisfied() }
    let differences = candidates.packages.map { package in
      let version = package.version.description
      return upgradesAll
        ? Self.difference(package.name, "installed", version)
        : Self.difference(package.name, version, "absent")
    }
    return Change(
      differences: differences, actions: [action(upgradesAll ? "upgrade" : "autoremove", [])],
      reason: "\(differences.count) packages differ")
  }

  /// What one request takes of dnf.
  private struct Step {
    var installed: [Difference] = []
    var upgraded: [Difference] = []
    var failure: String?

    static let nothing = Step()
    static func install(_ difference: Difference) -> Step { Step(installed: [difference]) }
    static func upgrade(_ difference: Difference) -> Step { Step(upgraded: [difference]) }
  }

  private func installation(_ state: State) -> Change {
    var differences: [Difference] = []
    var installed: [String] = []
    var upgraded: [String] = []
    for request in requests {
      let step = step(for: request, state)
      if let failure = step.failure { return .failed(failure) }
      differences += step.upgraded + step.installed
      if !step.installed.isEmpty { installed.append(request.word) }
      if !step.upgraded.isEmpty { upgraded.append(request.word) }
    }
    // dnf's `install` leaves the version that is there, and its `upgrade` installs nothing new.
    var actions: [Action] = []
    if !upgraded.isEmpty { actions.append(action("upgrade", upgraded)) }
    if !installed.isEmpty { actions.append(action("install", installed)) }
    if actions.isEmpty { return .satisfied() }
    return Change(
      differences: differences, actions: actions,
      reason: "\(Set(installed + upgraded).count) of \(requests.count) packages differ")
  }

  private func step(for request: RPMRequest, _ state: State) -> Step {
    switch request.form {
    case .file: fileStep(request, state)
    case .pattern: patternStep(request, state)
    case .label, .relation, .path: packageStep(request, state)
    }
  }

  private func packageStep(_ request: RPMRequest, _ state: State) -> Step {
    if let found = state.installed[request].newest {
      guard goal == .latest,
        let candidate = state.candidates?.newest(request, named: found.name),
        candidate.version.compared(to: found.version) > 0
      else { return .nothing }
      let versions = (found.version.description, candidate.version.description)
      return .upgrade(Self.difference(request.word, versions.0, versions.1))
    }
    let other = otherVersion(request, state)
    if let other, other.isNewer, !options.allowsDowngrade { return .nothing }
    if onlyUpdates, other == nil { return .nothing }
    return .install(
      Self.difference(
        request.word, other?.installed.version.description ?? "absent", "present"))
  }

  /// The installed version of a package of which another is asked for.
  private func otherVersion(
    _ request: RPMRequest, _ state: State
  ) -> (installed: RPMPackage, isNewer: Bool)? {
    if case .relation(let name, let comparison, let version) = request.form {
      guard let installed = state.installed.newest(name) else { return nil }
      let order = installed.version.compared(to: version)
      return (installed, order > 0 || order == 0 && comparison == "<")
    }
    guard let candidate = state.candidates?.newest(request),
      let installed = state.installed.newest(candidate.name)
    else { return nil }
    return (installed, installed.version.compared(to: candidate.version) > 0)
  }

  private func patternStep(_ request: RPMRequest, _ state: State) -> Step {
    let available = (state.candidates?.packages ?? []).filter { request.accepts($0) }
    let installed = state.installed[request]
    if available.isEmpty, installed.isEmpty {
      return onlyUpdates ? .nothing : .install(Self.difference(request.word, "absent", "present"))
    }
    var step = Step()
    for package in available {
      let version = package.version.description
      guard let old = state.installed.newest(package.name) else {
        if onlyUpdates { continue }
        step.installed.append(Self.difference(package.name, "absent", version))
        continue
      }
      if goal == .latest, package.version.compared(to: old.version) > 0 {
        step.upgraded.append(
          Self.difference(package.name, old.version.description, version))
      }
    }
    return step
  }

  private func fileStep(_ request: RPMRequest, _ state: State) -> Step {
    guard let wanted = state.installed.files[request.word] else {
      return Step(failure: "Could not open: \(request.word): it isn't there, or no package")
    }
    let installed = state.installed.newest(wanted.name)
    if let installed {
      let order = installed.version.compared(to: wanted.version)
      if order == 0 || order > 0 && !options.allowsDowngrade { return .nothing }
    } else if onlyUpdates {
      return .nothing
    }
    return .install(
      Self.difference(
        wanted.name, installed?.version.description ?? "absent", wanted.version.description))
  }

  private func removal(_ state: State) -> Change {
    let there = requests.filter { !state.installed[$0].isEmpty }
    if there.isEmpty { return .satisfied() }
    let differences = there.flatMap { request in
      state.installed[request].map {
        Self.difference($0.name, $0.version.description, "absent")
      }
    }
    return Change(
      differences: differences, actions: [action("remove", there.map(\.word))],
      reason: "installed")
  }

  private static func difference(_ name: String, _ before: String, _ after: String) -> Difference {
    Difference("package \(name)", .attribute(before: before, after: after))
  }

  private func action(_ verb: String, _ words: [String]) -> Action {
    let script = options.patientCommand([verb], words, refreshes: updatesLists && goal != .absent)
    let names = words.map { .package($0) } as [Subject]
    let touches: [Subject] =
      verb == "makecache" ? [.packageSources] : names.isEmpty ? [.package("*")] : names
    return Action(
      .run(Command(script)), touches: touches,
      summary: (["dnf", verb] + words).joined(separator: " "))
  }
}
