package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// What a task wants of apt, and what that takes.
package struct AptTask: Sendable {
  package enum Goal: Hashable, Sendable { case present, latest, absent }

  package var requests: [PackageRequest]
  package var goal: Goal
  package var options: AptOptions
  package var updatesLists: Bool
  /// Seconds for which lists are good enough.
  package var validTime: Int
  package var updateTries: Int
  package var updateMaxDelay: Int
  /// `upgrade`'s apt-get verb; nil where nothing is upgraded.
  package var upgrade: String?
  /// A package file on the host.
  package var file: String?
  package var cleans: Bool
  package var autocleans: Bool
  package var policy: Int?

  package init(_ arguments: Arguments) throws(ArgumentError) {
    options = try AptOptions(arguments)
    switch try arguments.string("state") {
    case "absent", "removed": goal = .absent
    case "latest": goal = .latest
    case "present", "installed", nil: goal = .present
    case let other?:
      throw ArgumentError(
        argument: "state", "`state: \(other)` isn't supported",
        help: "use present, latest or absent; or `command: apt-get …`")
    }
    requests = []
    for name in try arguments.strings("name") ?? [] where !name.trimmed.isEmpty {
      guard let request = PackageRequest(name.trimmed) else {
        throw ArgumentError(
          argument: "name", "`\(name)` is no package that can be asked for",
          help: "write NAME or NAME=VERSION; ranges of versions aren't supported")
      }
      requests.append(request)
    }
    validTime = try arguments.integer("cache_valid_time") ?? 0
    updatesLists = try arguments.boolean("update_cache") ?? (validTime > 0)
    updateTries = try arguments.integer("update_cache_retries") ?? 5
    updateMaxDelay = try arguments.integer("update_cache_retry_max_delay") ?? 12
    switch try arguments.string("upgrade") {
    case "True", "yes", "safe": upgrade = "upgrade"
    case "full", "dist": upgrade = "dist-upgrade"
    default: upgrade = nil
    }
    file = try arguments.string("deb")
    if let file, file.contains("://") {
      throw ArgumentError(
        argument: "deb", "`deb` takes a file on the host, not a URL",
        help: "bring it with get_url first")
    }
    cleans = try arguments.boolean("clean") ?? false
    autocleans = try arguments.boolean("autoclean") ?? false
    policy = try arguments.integer("policy_rc_d")
    try check()
  }

  private func check() throws(ArgumentError) {
    let wants = [!requests.isEmpty, upgrade != nil, file != nil].filter { $0 }.count
    if wants > 1 {
      throw ArgumentError("`name`, `deb` and `upgrade` exclude each other")
    }
    if wants == 0, !updatesLists, !options.removesUnneeded, !cleans, !autocleans {
      throw ArgumentError("nothing to do", help: "give `name`, `deb`, `upgrade` or `update_cache`")
    }
    for request in requests where goal == .latest && request.version != nil {
      throw ArgumentError(
        argument: "name", "`\(request.word)` has a version, which `state: latest` can't keep",
        help: "use `state: present`")
    }
  }

  /// What the host says.
  package struct State: Hashable, Sendable {
    package var installed: InstalledPackages
    package var lists: PackageLists?
    package var candidates: PackageCandidates?
    /// `NAME VERSION` of the package file; nil where it isn't there.
    package var file: String?
    /// What a dry run of an upgrade or a clean-up would do, in apt's words.
    package var dryRun: [String]
  }

  package var probe: Probe<State> {
    let names = requests.map(\.name)
    let installed =
      names.isEmpty
      ? Probe(InstalledPackages(dpkg: "")) : Probe(InstalledPackages.query(names))
    let lists: Probe<PackageLists?> =
      updatesLists
      ? Probe(PackageLists.query).map { (lists) throws(HostError) in lists } : Probe(nil)
    let candidates: Probe<PackageCandidates?> =
      goal == .latest && !names.isEmpty
      ? Probe(PackageCandidates.query(names, from: options.defaultRelease)).map {
        (candidates) throws(HostError) in candidates
      } : Probe(nil)
    return installed.and(lists).and(candidates).and(fileProbe).and(dryRunProbe).map {
      (found) throws(HostError) in
      let ((((installed, lists), candidates), file), dryRun) = found
      var state = State(installed: installed, lists: lists, candidates: candidates, dryRun: dryRun)
      state.file = file?.wanted
      if let file { state.installed = file.installed }
      return state
    }
  }

  private var fileProbe: Probe<(wanted: String?, installed: InstalledPackages)?> {
    guard let file else { return Probe(nil) }
    let word = Shell.quote(file)
    let script = """
      [ -e \(word) ] || exit 0
      n=$(dpkg-deb -f \(word) Package) || exit 1; echo "$n $(dpkg-deb -f \(word) Version)"
      dpkg-query -W -f '${Package}\\t${Architecture}\\t${db:Status-Abbrev}\\t${Version}\\n' \\
      -- "$n" 2>/dev/null; exit 0
      """
    return Probe(
      Query(script, about: [.path(file), .package(file)]) { (output) throws(HostError) in
        if output.status != 0 {
          throw HostError(.probeFailed, "\(file) is no package: \(output.complaint)")
        }
        let first = output.text.split(separator: "\n").first.map(String.init)
        return (first, InstalledPackages(dpkg: output.text))
      })
  }

  private var dryRunProbe: Probe<[String]> {
    let verb = upgrade ?? (requests.isEmpty && options.removesUnneeded ? "autoremove" : nil)
    guard let verb else { return Probe([]) }
    let script = "LC_ALL=C apt-get -s -o Debug::NoLocking=1 \(verb) 2>/dev/null"
    return Probe(
      Query(script, about: [.package("*"), .packageSources]) { (output) throws(HostError) in
        output.text.split(separator: "\n").map(String.init).filter {
          $0.hasPrefix("Inst ") || $0.hasPrefix("Remv ")
        }
      })
  }
}
