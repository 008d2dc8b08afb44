internal import Diagnostics
internal import Glibc

/// A vault password's file, or the script that prints it.
enum PasswordFile {
  /// The password, without white space around it.
  static func read(_ path: String, label: String) throws(Diagnostics) -> [UInt8] {
    let isScript = access(path, X_OK) == 0 && !isFolder(path)
    let bytes = isScript ? try output(of: path, label: label) : try DocumentFile.bytes(path)
    let blanks = Set(" \t\r\n\u{B}\u{C}".utf8)
    var password = Array(bytes.drop { blanks.contains($0) })
    while let last = password.last, blanks.contains(last) { password.removeLast() }
    if password.isEmpty {
      throw Diagnostics(
        Diagnostic(
          .error, "no vault password in \(path)",
          help: isScript ? "the script must print it" : "write the password into the file"))
    }
    if Vault.isVaulted(password) {
      throw Diagnostics(
        Diagnostic(
          .error, "the vault password file \(path) is vaulted itself, which isn't supported"))
    }
    return password
  }

  /// `~` at the beginning becomes the home folder.
  static func expanded(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    return String(cString: home) + path.dropFirst()
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What a script prints; scripts named `…-client` are told the vault id, as Ansible does.
  private static func output(of path: String, label: String) throws(Diagnostics) -> [UInt8] {
    let isClient = path.split(separator: ".").first?.hasSuffix("-client") == true
    var program = Program(path, isClient ? ["--vault-id", label] : [])
    program.asksOnTerminal = true
    let ending: Program.Ending
    do throws(Program.Problem) { ending = try program.run() } catch {
      let reason =
        switch error {
        case .unstartable(let reason): reason
        case .tooSlow: "it took longer than \(program.timeLimit) s"
        case .tooMuch: "it printed too much"
        }
      throw Diagnostics(
        Diagnostic(
          .error, "can't run the vault password script \(path): \(reason)",
          help: "if it is a file with the password, chmod -x it"))
    }
    if ending.status != 0 {
      throw Diagnostics(
        Diagnostic(
          .error, "the vault password script \(path) failed with status \(ending.status)",
          help: "run it by hand; if it is a file with the password, chmod -x it"))
    }
    return ending.output
  }
}
