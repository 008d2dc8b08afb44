internal import Hosts
package import ModuleKit
internal import Values

/// The options of an apt-get call that a task chooses.
package struct AptOptions: Hashable, Sendable {
  package var dpkgOptions: [String]
  package var installsRecommends: Bool?
  package var defaultRelease: String?
  package var allowsDowngrade: Bool
  package var allowsUnauthenticated: Bool
  package var allowsChangeOfHeld: Bool
  package var isForced: Bool
  package var onlyUpgrades: Bool
  package var purges: Bool
  package var removesUnneeded: Bool
  /// Seconds to wait for another's lock.
  package var lockTimeout: Int
  package var failsOnAutoremove: Bool

  package init(_ arguments: Arguments) throws(ArgumentError) {
    let options = try arguments.string("dpkg_options") ?? "force-confdef,force-confold"
    dpkgOptions = options.split(separator: ",").map { String($0).trimmed }
    installsRecommends = try arguments.boolean("install_recommends")
    defaultRelease = try arguments.string("default_release")
    allowsDowngrade = try arguments.boolean("allow_downgrade") ?? false
    allowsUnauthenticated = try arguments.boolean("allow_unauthenticated") ?? false
    allowsChangeOfHeld = try arguments.boolean("allow_change_held_packages") ?? false
    isForced = try arguments.boolean("force") ?? false
    onlyUpgrades = try arguments.boolean("only_upgrade") ?? false
    purges = try arguments.boolean("purge") ?? false
    removesUnneeded = try arguments.boolean("autoremove") ?? false
    failsOnAutoremove = try arguments.boolean("fail_on_autoremove") ?? false
    lockTimeout = try arguments.integer("lock_timeout") ?? 60
  }

  /// An `apt-get` command line that asks nothing of nobody.
  package func command(_ verb: String, _ words: [String] = []) -> String {
    var line = ["apt-get", "-y", "-o", "DPkg::Lock::Timeout=\(lockTimeout)"]
    for option in dpkgOptions { line += ["-o", "Dpkg::Options::=--\(option)"] }
    if installsRecommends == true { line += ["-o", "APT::Install-Recommends=yes"] }
    if installsRecommends == false { line.append("--no-install-recommends") }
    if let defaultRelease { line += ["-t", defaultRelease] }
    if allowsDowngrade { line.append("--allow-downgrades") }
    if allowsUnauthenticated { line.append("--allow-unauthenticated") }
    if allowsChangeOfHeld { line.append("--allow-change-held-packages") }
    if isForced {
      line += ["--allow-downgrades", "--allow-remove-essential", "--allow-change-held-packages"]
    }
    if onlyUpgrades, verb == "install" { line.append("--only-upgrade") }
    if purges, verb == "remove" || verb == "autoremove" { line.append("--purge") }
    if removesUnneeded, verb != "autoremove" { line.append("--auto-remove") }
    if failsOnAutoremove { line.append("--no-remove") }
    line.append(verb)
    if !words.isEmpty { line += ["--"] + words }
    return "DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical LC_ALL=C "
      + Shell.words(line)
  }

  /// Brings the lists of packages; tries again where mirrors or locks fail for a while.
  package static func update(tries: Int, maxDelay: Int, lockTimeout: Int) -> String {
    let line =
      "LC_ALL=C apt-get -q -o DPkg::Lock::Timeout=\(lockTimeout) -o Acquire::Retries=2 update"
    return """
      n=1; d=1
      while :; do
      o=$(\(line) 2>&1); s=$?
      case $s:$o in 0:*'
      E: '*|0:'E: '*) s=100;; esac
      if [ $s = 0 ] || [ $n -ge \(max(tries, 1)) ]; then break; fi
      sleep $d; n=$((n + 1)); d=$((d * 2)); if [ $d -gt \(maxDelay) ]; then d=\(maxDelay); fi
      done
      printf '%s\\n' "$o"
      if [ $s != 0 ]; then printf '%s\\n' "$o" | grep '^[EW]: ' >&2; fi
      exit $s
      """
  }

  /// The arguments that it is read from.
  package static let arguments: [ArgumentSpecification] = [
    ArgumentSpecification(
      "dpkg_options", .string, "Options for dpkg, with commas between.",
      default: "force-confdef,force-confold"),
    ArgumentSpecification(
      "install_recommends", .boolean, "Install recommended packages; unset leaves it to apt.",
      aliases: ["install-recommends"]),
    ArgumentSpecification(
      "default_release", .string, "Release to prefer.", aliases: ["default-release"]),
    ArgumentSpecification(
      "allow_downgrade", .boolean, "An older version may be installed.", default: false,
      aliases: ["allow-downgrade", "allow_downgrades", "allow-downgrades"]),
    ArgumentSpecification(
      "allow_unauthenticated", .boolean, "Unsigned packages may be installed.", default: false,
      aliases: ["allow-unauthenticated"]),
    ArgumentSpecification(
      "allow_change_held_packages", .boolean, "Held packages may be changed.", default: false),
    ArgumentSpecification("force", .boolean, "All of that may be done.", default: false),
    ArgumentSpecification(
      "only_upgrade", .boolean, "Install nothing that isn't there.", default: false),
    ArgumentSpecification("purge", .boolean, "Remove configuration, too.", default: false),
    ArgumentSpecification(
      "autoremove", .boolean, "Remove what nothing needs any more.", default: false),
    ArgumentSpecification(
      "fail_on_autoremove", .boolean, "Fail rather than remove a package.", default: false),
    ArgumentSpecification(
      "lock_timeout", .integer, "Seconds to wait for another's lock.", default: 60),
  ]
}
