import Foundation

/// A user of this machine for as long as a test lasts; only root can make one.
final class TemporaryUser: Sendable {
  let name: String
  let password = "canary-Password-\(UInt32.random(in: .min ... .max))"

  /// Doas has this one file.
  private static let doasFile = "/etc/doas.conf"
  private let hasDoas: Bool

  /// `sudo` is the user's line in sudoers after the name, nil for no right; `doas` the options of
  /// his rule in doas.conf, which becomes the last one.
  init(sudo: String? = nil, doas: String? = nil) throws {
    hasDoas = doas != nil
    let name = "orchtest\(UInt32.random(in: 10_000...99_999))"
    self.name = name
    try Program.run(["useradd", "-m", "-s", "/bin/bash", name])
    try Program.run(script: "chpasswd", input: "\(name):\(password)\n")
    // Noise such as real logins make, on both streams.
    let noise = "echo 'Welcome, no newline at the end'; printf 'oops' >&2; printf %s \"$PS1 ready\""
    try Data("\(noise)\n".utf8).write(to: URL(fileURLWithPath: "/home/\(name)/.bashrc"))
    if let sudo {
      let file = "/etc/sudoers.d/\(name)"
      try Data("\(name) \(sudo)\n".utf8).write(to: URL(fileURLWithPath: file))
      try FileManager.default.setAttributes([.posixPermissions: 0o440], ofItemAtPath: file)
    }
    if let doas { try Self.changeDoas { $0.append("permit \(doas) \(name)") } }
  }

  /// Does what it does with the lines of doas.conf.
  private static func changeDoas(_ change: (inout [Substring]) -> Void) throws {
    let text = (try? String(contentsOfFile: doasFile, encoding: .utf8)) ?? ""
    var lines = text.split(separator: "\n")
    change(&lines)
    if lines.isEmpty {
      try FileManager.default.removeItem(atPath: doasFile)
    } else {
      // It refuses a file without a final line break, and one that others may write.
      let joined = lines.joined(separator: "\n") + "\n"
      try Data(joined.utf8).write(to: URL(fileURLWithPath: doasFile))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: doasFile)
    }
  }

  deinit {
    if hasDoas { try? Self.changeDoas { [name] in $0.removeAll { $0.contains(name) } } }
    try? FileManager.default.removeItem(atPath: "/etc/sudoers.d/\(name)")
    // Its last process may still be ending.
    _ = try? Program.run(["userdel", "-r", "-f", name], statuses: Set(0...20))
  }
}
