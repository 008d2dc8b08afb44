internal import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

extension AptTask {
  /// What has to be installed, upgraded or removed.
  package func change(from state: State) -> Change {
    let needsLists = updatesLists && !(state.lists?.areValid(for: validTime) ?? false)
    var change = packageChange(from: state)
    if change.failure != nil { return change }
    change.result["cache_updated"] = .bool(needsLists)
    change.result["cache_update_time"] = .int(state.lists?.updated ?? 0)
    let work = change.actions
    if needsLists { change.actions.insert(updateAction, at: 0) }
    if needsLists, work.isEmpty {
      change.reason = "the lists of packages are old"
      // With newer lists there may be newer packages; only then can be told.
      if goal == .latest && !requests.isEmpty || upgrade != nil {
        change.actions.append(contentsOf: action(for: requests.map(\.word), state))
        change.isOpaque = true
      } else {
        change.counts = requests.isEmpty && file == nil
      }
    }
    let countsAll = change.counts
    let isOpaque = change.isOpaque
    let command = change.actions.last?.summary ?? ""
    let count = change.actions.count
    change.unknownResults = change.actions.isEmpty ? [] : ["stdout", "stderr", "stdout_lines"]
    change.finish = { outputs in
      guard let output = outputs.last else { return Completion() }
      var result = output.result(stripsEnds: false)
      if output.status != 0 {
        return Completion(result: result, failure: Self.failure(of: output, command))
      }
      result["rc"] = nil
      let didNothing =
        isOpaque && outputs.count == count
        && output.text.contains("0 upgraded, 0 newly installed, 0 to remove")
      return Completion(result: result, changed: countsAll && !didNothing)
    }
    return change
  }

  /// apt's own words, and Ansible's where a package doesn't exist.
  private static func failure(of output: CommandOutput, _ command: String) -> String {
    let lines = output.errorText.split(separator: "\n").map(String.init)
    let errors = lines.filter { $0.hasPrefix("E: ") }
    for line in errors {
      if let range = line.firstRange(of: "Unable to locate package ") {
        return "No package matching '\(line[range.upperBound...])' is available"
      }
      if let start = line.firstRange(of: "E: Package '"),
        let end = line.firstRange(of: "' has no installation candidate")
      {
        return "No package matching '\(line[start.upperBound..<end.lowerBound])' is available"
      }
    }
    let told = errors.isEmpty ? output.complaint : errors.joined(separator: "\n")
    return "'\(command)' failed: \(told)"
  }

  private func packageChange(from state: State) -> Change {
    if let file { return fileChange(file, state) }
    if !state.dryRun.isEmpty {
      return Change(
        differences: state.dryRun.map(Self.difference),
        actions: action(for: [], state), reason: "\(state.dryRun.count) packages differ")
    }
    switch goal {
    case .absent: return removal(state)
    case .present, .latest: return installation(state)
    }
  }

  /// `Inst libc6 [2.36-9] (2.36-10 Debian:12/stable [amd64])` as before and after.
  private static func difference(_ line: String) -> Difference {
    let words = line.split(separator: " ").map(String.init)
    let name = words.count > 1 ? words[1] : line
    func inner(_ word: String) -> String { word.filter { !"[]()".contains($0) } }
    let before = words.first { $0.hasPrefix("[") }.map(inner) ?? "absent"
    let after = words.first { $0.hasPrefix("(") }.map(inner) ?? "absent"
    return Difference("package \(name)", .attribute(before: before, after: after))
  }

  private func installation(_ state: State) -> Change {
    var words: [String] = []
    var differences: [Difference] = []
    for request in requests {
      let entry = state.installed[request]
      let version = entry.flatMap { $0.isInstalled ? $0.version : nil }
      if version == nil, options.onlyUpgrades { continue }
      let candidate = state.candidates?.versions[request.name]
      if let version {
        let isOld = goal == .latest && candidate != nil && candidate != version
        if request.accepts(version), !isOld { continue }
      } else if state.installed.isInstalled(request) {
        continue
      }
      words.append(request.word)
      differences.append(
        Difference(
          "package \(request.name)",
          .attribute(
            before: version ?? "absent", after: candidate ?? request.version ?? "present")))
    }
    if words.isEmpty { return .satisfied() }
    return Change(
      differences: differences, actions: action(for: words, state),
      reason: "\(words.count) of \(requests.count) packages differ")
  }

  private func removal(_ state: State) -> Change {
    let there = requests.filter { request in
      guard let entry = state.installed[request] else { return false }
      return (entry.isInstalled && request.accepts(entry.version))
        || options.purges && entry.hasConfiguration
    }
    if there.isEmpty { return cleaning }
    return Change(
      differences: there.map {
        Difference(
          "package \($0.name)",
          .attribute(before: state.installed[$0]?.version ?? "present", after: "absent"))
      }, actions: action(for: there.map(\.name), state), reason: "installed")
  }

  private var cleaning: Change {
    guard cleans || autocleans else { return .satisfied() }
    let verb = cleans ? "clean" : "autoclean"
    return Change(
      actions: [
        Action(
          .run(Command(options.command(verb))), touches: [.path("/var/cache/apt")],
          summary: "apt-get \(verb)")
      ], reason: "fetched files are removed", counts: false)
  }

  private func fileChange(_ path: String, _ state: State) -> Change {
    guard let wanted = state.file?.split(separator: " ").map(String.init), wanted.count == 2 else {
      return .failed("Unable to open \(path): there is no such file")
    }
    let entry = state.installed.entries.first { $0.name == wanted[0] && $0.isInstalled }
    if entry?.version == wanted[1] { return .satisfied() }
    let word = path.hasPrefix("/") ? path : "./\(path)"
    return Change(
      differences: [
        Difference(
          "package \(wanted[0])",
          .attribute(before: entry?.version ?? "absent", after: wanted[1]))
      ], actions: action(for: [word], state), reason: "another version is installed")
  }

  private var updateAction: Action {
    let script = AptOptions.update(
      tries: updateTries, maxDelay: updateMaxDelay, lockTimeout: options.lockTimeout)
    return Action(
      .run(Command(script)), touches: [.packageSources], summary: "apt-get update")
  }

  private func action(for words: [String], _ state: State) -> [Action] {
    let verb =
      upgrade ?? (words.isEmpty ? "autoremove" : goal == .absent ? "remove" : "install")
    let names = words.map { .package($0.prefix { $0 != "=" }.description) } as [Subject]
    var script = options.command(verb, words)
    if let policy {
      // A file of the user's own is kept and put back.
      script = """
        p=/usr/sbin/policy-rc.d; if [ -e $p ]; then mv -f $p $p.orchestrate || exit 1; fi
        trap 'rm -f $p; if [ -e $p.orchestrate ]; then mv -f $p.orchestrate $p; fi' EXIT
        trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
        printf '#!/bin/sh\\nexit \(policy)\\n' > $p && chmod 755 $p
        \(script)
        """
    }
    let summary = (["apt-get", verb] + words).joined(separator: " ")
    return [
      Action(
        .run(Command(script)), touches: names.isEmpty ? [.package("*")] : names, summary: summary)
    ]
  }
}
