import Glibc

/// The programs of this machine that the lab is made with, and the Debian packages that hold them.
enum LabTools {
  /// The package of each program.
  static let packages = [
    "debootstrap": "debootstrap", "systemd-nspawn": "systemd-container", "ip": "iproute2",
    "apt-ftparchive": "apt-utils", "dpkg-deb": "dpkg", "gpg": "gnupg", "ssh": "openssh-client",
    "ssh-keygen": "openssh-client", "nsenter": "util-linux", "setpriv": "util-linux",
    "flock": "util-linux", "zcat": "gzip", "tar": "tar", "find": "findutils", "depmod": "kmod",
  ]

  /// The packages whose programs are missing, sorted.
  static func missing(has: (String) -> Bool = isInstalled) -> [String] {
    Set(packages.filter { !has($0.key) }.values).sorted()
  }

  /// Whether a program is in one of the system's folders.
  static func isInstalled(_ program: String) -> Bool {
    let folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    return folders.contains { access("\($0)/\(program)", X_OK) == 0 }
  }

  /// Refuses to go on without root.
  static func requireRoot(for what: String) throws(LabError) {
    guard geteuid() == 0 else {
      throw LabError(
        .needsRoot,
        "\(what) makes namespaces and containers, and needs root: run it with `sudo`")
    }
  }

  /// Installs what is missing.
  static func install(progress: (String) -> Void) throws(LabError) {
    let packages = missing()
    guard !packages.isEmpty else { return }
    guard isInstalled("apt-get") else {
      throw LabError(
        .unfitMachine, "the lab runs on Debian; missing: \(packages.joined(separator: " "))")
    }
    progress("installing \(packages.joined(separator: " "))")
    try LabCommand(["apt-get", "-qq", "update"]).run(timeout: 300)
    try LabCommand(
      ["apt-get", "-qq", "-y", "--no-install-recommends", "install"] + packages
    ).run(timeout: 600)
  }
}
