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
    var command = quote(path.contains("/") ? path : "./" + path)
    if path.split(separator: ".").first?.hasSuffix("-client") == true {
      command += " --vault-id " + quote(label)
    }
    guard let stream = popen(command, "r") else {
      throw Diagnostics(
        Diagnostic(.error, "can't run \(path): \(String(cString: strerror(errno)))"))
    }
    var bytes: [UInt8] = []
    while case let byte = fgetc(stream), byte != EOF { bytes.append(UInt8(byte)) }
    let status = pclose(stream)
    if status != 0 {
      throw Diagnostics(
        Diagnostic(
          .error, "the vault password script \(path) failed with status \(status >> 8 & 255)",
          help: "run it by hand; if it is a file with the password, chmod -x it"))
    }
    return bytes
  }

  private static func quote(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
