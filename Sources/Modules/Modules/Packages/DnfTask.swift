package import Hosts
package import ModuleKit
internal import Values

/// What a task wants of dnf, and what that takes.
package struct DnfTask: Sendable {
  package enum Goal: Hashable, Sendable { case present, latest, absent }

  package var requests: [RPMRequest]
  package var goal: Goal
  package var options: DnfOptions
  /// Whether dnf looks for newer lists of its repositories first.
  package var updatesLists: Bool
  /// Whether nothing is installed that isn't there.
  package var onlyUpdates: Bool
  /// Everything is brought to its newest version: `name: '*'` with `state: latest`.
  package var upgradesAll: Bool

  package init(_ arguments: Arguments) throws(ArgumentError) {
    options = try DnfOptions(arguments)
    switch try arguments.string("state") {
    case "absent", "removed": goal = .absent
    case "latest": goal = .latest
    case nil where options.removesUnneeded: goal = .absent
    default: goal = .present
    }
    let names = try arguments.strings("name") ?? []
    upgradesAll = goal == .latest && names.contains("*")
    requests = []
    for name in names where !name.trimmed.isEmpty && !upgradesAll {
      requests.append(try Self.request(name))
    }
    updatesLists = try arguments.boolean("update_cache") ?? false
    onlyUpdates = try arguments.boolean("update_only") ?? false
    try check()
  }

  private static func request(_ name: String) throws(ArgumentError) -> RPMRequest {
    if name.trimmed.hasPrefix("@") {
      throw ArgumentError(
        argument: "name", "`\(name)` is a group or a module, which `dnf` doesn't take",
        help: "name its packages, or use `command: dnf group install …`")
    }
    guard let request = RPMRequest(name) else {
      throw ArgumentError(
        argument: "name", "`\(name)` is no package that can be asked for",
        help: "write NAME, NAME-VERSION, `NAME >= VERSION`, a path or a URL")
    }
    return request
  }

  private func check() throws(ArgumentError) {
    if requests.isEmpty, !upgradesAll, !updatesLists, !options.removesUnneeded {
      throw ArgumentError("nothing to do", help: "give `name`, `update_cache` or `autoremove`")
    }
    if options.removesUnneeded, goal != .absent {
      throw ArgumentError(
        argument: "autoremove", "`autoremove` stands alone, or with `state: absent`")
    }
    for request in requests {
      switch (request.form, goal) {
      case (.file, .absent):
        throw ArgumentError(
          argument: "name", "`\(request.word)` is a file, and what is removed has a name")
      case (.pattern(let pattern), .absent) where pattern.matches(""):
        throw ArgumentError(argument: "name", "`\(request.word)` would remove everything")
      case (.relation, .latest):
        throw ArgumentError(
          argument: "name", "`\(request.word)` has a version, which `state: latest` can't keep",
          help: "use `state: present`")
      default: continue
      }
    }
  }

  /// What the host says.
  package struct State: Hashable, Sendable {
    package var installed: InstalledRPMs
    /// What its repositories have, as far as that is asked.
    package var candidates: RPMCandidates?
  }

  package var probe: Probe<State> {
    if upgradesAll { return dnfProbe([], mode: "--upgrades", InstalledRPMs(rpm: "")) }
    if requests.isEmpty {
      return options.removesUnneeded
        ? dnfProbe([], mode: "--unneeded", InstalledRPMs(rpm: ""))
        : Probe(State(installed: InstalledRPMs(rpm: "")))
    }
    let installed = Probe<InstalledRPMs>(InstalledRPMs.query(requests, root: options.root))
    return installed.then { (installed) throws(HostError) in
      let words = requests.compactMap { wordToLookUp($0, installed) }
      if words.isEmpty { return Probe(State(installed: installed)) }
      return dnfProbe(words, mode: nil, installed)
    }
  }

  private func dnfProbe(
    _ words: [String], mode: String?, _ installed: InstalledRPMs
  ) -> Probe<State> {
    // What `latest` means is what newer lists say, in a plan as well.
    let query = RPMCandidates.query(words, mode: mode, refreshes: updatesLists, by: options)
    return Probe<RPMCandidates>(query).map { (candidates) throws(HostError) in
      State(installed: installed, candidates: candidates)
    }
  }

  /// What dnf must be asked about a request, where rpm alone can't tell.
  private func wordToLookUp(_ request: RPMRequest, _ installed: InstalledRPMs) -> String? {
    let found = installed[request]
    switch (goal, request.form) {
    case (.absent, _), (_, .file): return nil
    case (.latest, _):
      if let provider = found.newest, !request.accepts(provider) { return provider.name }
      return found.isEmpty && (onlyUpdates || !request.isPattern) ? nil : request.word
    case (.present, .pattern): return request.word
    case (.present, .label):
      // `java-11` may be a name, or version 11 of the installed `java`.
      let mayBeVersion = request.possibleNames.contains { installed.newest($0) != nil }
      return found.isEmpty && mayBeVersion ? request.word : nil
    case (.present, _): return nil
    }
  }
}
