import Foundation

/// A user of this machine for as long as a test lasts; only root can make one.
final class TemporaryUser: Sendable {
  let name: String
  let password = "canary-Password-\(UInt32.random(in: .min ... .max))"

  /// `sudo` is the user's line in sudoers after the name, nil for no right.
  init(sudo: String? = nil) throws {
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
  }

  deinit {
    try? FileManager.default.removeItem(atPath: "/etc/sudoers.d/\(name)")
    // Its last process may still be ending.
    _ = try? Program.run(["userdel", "-r", "-f", name], statuses: Set(0...20))
  }
}
