internal import Hosts
package import ModuleKit
internal import Values

/// The options of a dnf call that a task chooses, in words that dnf 4 and dnf 5 share.
package struct DnfOptions: Hashable, Sendable {
  package var configurationFile: String?
  /// The folder that packages are installed in; nil for the host's own root.
  package var root: String?
  package var release: String?
  package var enabledRepositories: [String]
  package var disabledRepositories: [String]
  package var excluded: [String]
  /// `all`, `main` or a repository, whose excludes don't hold.
  package var disabledExcludes: String?
  package var checksSignatures: Bool
  package var allowsErasing: Bool
  package var allowsDowngrade: Bool
  package var installsWeakDependencies: Bool
  package var wantsBest: Bool?
  package var usesCacheOnly: Bool
  package var verifiesTLS: Bool
  package var removesUnneeded: Bool
  /// Seconds to wait for another's lock.
  package var lockTimeout: Int

  package init(_ arguments: Arguments) throws(ArgumentError) {
    try Self.refuse(arguments)
    configurationFile = try arguments.string("conf_file")
    let root = try arguments.string("installroot")
    self.root = root == "/" ? nil : root
    release = try arguments.string("releasever")
    enabledRepositories = try arguments.strings("enablerepo") ?? []
    disabledRepositories = try arguments.strings("disablerepo") ?? []
    excluded = try arguments.strings("exclude") ?? []
    disabledExcludes = try arguments.string("disable_excludes")
    checksSignatures = try !(arguments.boolean("disable_gpg_check") ?? false)
    allowsErasing = try arguments.boolean("allowerasing") ?? false
    allowsDowngrade = try arguments.boolean("allow_downgrade") ?? false
    installsWeakDependencies = try arguments.boolean("install_weak_deps") ?? true
    wantsBest = try arguments.boolean("best")
    if let isUnwanted = try arguments.boolean("nobest") { wantsBest = !isUnwanted }
    usesCacheOnly = try arguments.boolean("cacheonly") ?? false
    verifiesTLS = try arguments.boolean("sslverify") ?? true
    removesUnneeded = try arguments.boolean("autoremove") ?? false
    lockTimeout = try arguments.integer("lock_timeout") ?? 30
  }

  /// Arguments of Ansible's that would do something, and don't here.
  private static func refuse(_ arguments: Arguments) throws(ArgumentError) {
    for name in ["security", "bugfix", "skip_broken", "download_only"]
    where try arguments.boolean(name) ?? false {
      throw ArgumentError(
        argument: name, "`\(name)` isn't supported", help: "use `command: dnf …`")
    }
    for name in ["enable_plugin", "disable_plugin", "list", "download_dir"]
    where arguments.isGiven(name) {
      throw ArgumentError(
        argument: name, "`\(name)` isn't supported", help: "use `command: dnf …`")
    }
    if try arguments.boolean("validate_certs") == false {
      throw ArgumentError(
        argument: "validate_certs", "`validate_certs: false` isn't supported",
        help: "bring the file with get_url first")
    }
    if try arguments.boolean("best") != nil, try arguments.boolean("nobest") != nil {
      throw ArgumentError(argument: "nobest", "`best` and `nobest` exclude each other")
    }
  }

  /// A `dnf` command line that asks nothing of nobody.
  ///
  /// - Parameter words: packages, after everything that could be an option.
  package func command(
    _ verb: [String], _ words: [String] = [], with options: [String] = [], isQuiet: Bool = false
  ) -> String {
    var line = ["dnf", isQuiet ? "-q" : "-y"] + options + verb
    if let configurationFile { line.append("--config=\(configurationFile)") }
    if let root { line.append("--installroot=\(root)") }
    if let release { line.append("--releasever=\(release)") }
    // In this order `disablerepo: '*'` with `enablerepo` leaves the enabled ones.
    line += disabledRepositories.map { "--disablerepo=\($0)" }
    line += enabledRepositories.map { "--enablerepo=\($0)" }
    if !excluded.isEmpty { line.append("--exclude=\(excluded.joined(separator: ","))") }
    if let disabledExcludes { line.append("--setopt=disable_excludes=\(disabledExcludes)") }
    if !checksSignatures { line.append("--nogpgcheck") }
    if !verifiesTLS { line.append("--setopt=sslverify=0") }
    if let wantsBest { line.append("--setopt=best=\(wantsBest ? 1 : 0)") }
    if usesCacheOnly { line.append("--cacheonly") }
    if allowsErasing, verb == ["install"] || verb == ["upgrade"] { line.append("--allowerasing") }
    if !installsWeakDependencies { line.append("--setopt=install_weak_deps=0") }
    // Ansible removes what it is told to, and what came with it only by `autoremove`.
    if verb == ["remove"] {
      line.append("--setopt=clean_requirements_on_remove=\(removesUnneeded ? 1 : 0)")
    }
    if !words.isEmpty { line += ["--"] + words }
    return "LC_ALL=C " + Shell.words(line)
  }

  /// The same as a script for apply: tries again for as long as somebody else has dnf's lock.
  package func patientCommand(_ verb: [String], _ words: [String], refreshes: Bool) -> String {
    // 200 is dnf 4's exit status for a lock that is held; dnf 5 waits by itself.
    let options = ["--setopt=exit_on_lock=1"] + (refreshes ? ["--refresh"] : [])
    let line = command(verb, words, with: options)
    return """
      n=0
      while :; do
      \(line); s=$?
      if [ $s != 200 ] || [ $n -ge \(max(lockTimeout, 0)) ]; then exit $s; fi
      sleep 1; n=$((n + 1))
      done
      """
  }

  /// The arguments that it is read from, those that are refused among them.
  package static let arguments: [ArgumentSpecification] =
    [
      ArgumentSpecification("conf_file", .path, "dnf's configuration, a file on the host."),
      ArgumentSpecification(
        "installroot", .path, "The folder that packages are installed in.", default: "/"),
      ArgumentSpecification("releasever", .string, "The release to take packages of."),
      ArgumentSpecification("enablerepo", .list, "Repositories to enable for this."),
      ArgumentSpecification("disablerepo", .list, "Repositories to disable for this."),
      ArgumentSpecification("exclude", .list, "Packages to leave out."),
      ArgumentSpecification(
        "disable_excludes", .string, "Whose excludes don't hold: `all`, `main` or a repository."),
      ArgumentSpecification(
        "disable_gpg_check", .boolean, "Install what nobody signed.", default: false),
      ArgumentSpecification(
        "allowerasing", .boolean, "Remove what is in the way.", default: false),
      ArgumentSpecification(
        "allow_downgrade", .boolean, "An older version may be installed.", default: false),
      ArgumentSpecification(
        "install_weak_deps", .boolean, "Install recommended packages, too.", default: true),
      ArgumentSpecification("best", .boolean, "The newest version or none; unset is dnf's own."),
      ArgumentSpecification("nobest", .boolean, "The opposite of `best`."),
      ArgumentSpecification(
        "cacheonly", .boolean, "Fetch nothing; what dnf has in its cache.", default: false),
      ArgumentSpecification(
        "sslverify", .boolean, "Check the certificates of repositories.", default: true),
      ArgumentSpecification(
        "autoremove", .boolean, "Remove what nothing needs any more.", default: false),
      ArgumentSpecification(
        "lock_timeout", .integer, "Seconds to wait for another's lock, with dnf 4.", default: 30),
      ArgumentSpecification(
        "validate_certs", .boolean, "Check a URL's certificate; only true.", default: true),
      ArgumentSpecification(
        "install_repoquery", .boolean, "Without meaning; nothing is needed.", default: true),
      ArgumentSpecification(
        "use_backend", .string, "Without meaning; the host's own `dnf` is used.", default: "auto",
        choices: ["auto", "dnf", "dnf4", "dnf5", "yum", "yum4"]),
    ]
    + ["security", "bugfix", "skip_broken", "download_only"].map {
      ArgumentSpecification($0, .boolean, "Not supported; only false.", default: false)
    }
    + [
      ArgumentSpecification("enable_plugin", .list, "Not supported."),
      ArgumentSpecification("disable_plugin", .list, "Not supported."),
      ArgumentSpecification("list", .string, "Not supported; it changes nothing."),
      ArgumentSpecification("download_dir", .path, "Not supported."),
    ]
}
