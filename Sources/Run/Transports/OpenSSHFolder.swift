internal import Cryptography
internal import Hosts

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// A private folder of this machine: the shared connection's socket, and what ssh asks with.
///
/// Passwords are never in a file: ssh's questions are answered through a named pipe.
final class OpenSSHFolder: Sendable {
  let path: String
  var socket: String { path + "/s" }
  /// The program that ssh asks with.
  var askProgram: String { path + "/ask" }
  private let pipe: Int32

  /// Answers what ssh asks with: each once, then with nothing.
  init(password: String?, passphrase: String?) throws(HostError) {
    let base = LocalUser.environment("XDG_RUNTIME_DIR") ?? "/tmp"
    // Short: a socket's path holds about 100 bytes.
    path = "\(base)/orchestrate-\(SecureRandom.hex(6))"
    var made = mkdir(path, 0o700) == 0
    var descriptors: [Int32] = []
    for (name, answer) in [("password", password), ("passphrase", passphrase)] {
      let file = "\(path)/\(name)"
      made = made && mkfifo(file, 0o600) == 0
      let descriptor = open(file, O_RDWR | O_CLOEXEC | O_NONBLOCK)
      let text = Array("\(answer ?? "")\n\n\n\n".utf8)
      made = made && descriptor >= 0 && write(descriptor, text, text.count) == text.count
      descriptors.append(descriptor)
    }
    let script = """
      #!/bin/sh
      case $1 in *assphrase*) p=passphrase;; *) p=password;; esac
      IFS= read -r answer <'\(path)'/$p
      printf '%s\\n' "$answer"

      """
    made = made && LocalFile.append(script, to: path + "/ask") == nil
    made = made && chmod(path + "/ask", 0o700) == 0
    pipe = descriptors[0]
    passphrasePipe = descriptors[1]
    guard made else {
      let reason = String(cString: strerror(errno))
      remove()
      throw HostError(.unreachable, "can't make the private folder \(path): \(reason)")
    }
  }

  private let passphrasePipe: Int32

  /// Removes it with all in it.
  func remove() {
    for name in ["s", "ask", "password", "passphrase"] { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  deinit {
    for descriptor in [pipe, passphrasePipe] where descriptor >= 0 { close(descriptor) }
    remove()
  }
}
