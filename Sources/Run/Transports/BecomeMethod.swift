internal import Hosts

/// The command that becomes another user, by each program that can.
struct BecomeMethod {
  /// Where a prompt for the password comes, and how it's known.
  let prompt: String
  /// What runs a script as the user; the script's words follow as one quoted word.
  private let command: String
  private let name: String

  /// Refuses by name what isn't supported.
  init(_ become: Become, nonce: String) throws(HostError) {
    let method = become.method
    let program = become.executable.map(RemotePath.quoted) ?? method
    let user = Shell.quote(become.user)
    let flags = become.flags.map { " " + $0 } ?? ""
    name = method
    switch method {
    case "sudo":
      prompt = "[sudo-\(nonce)]"
      // With a password, `-n` would forbid to ask for it.
      let words = flags.split(separator: " ").filter { become.password == nil || $0 != "-n" }
      let given = become.flags == nil ? "-H" : words.joined(separator: " ")
      let asking = become.password == nil ? "-n" : "-S -p \(Shell.quote(prompt))"
      command = "\(program) \(given) \(asking) -u \(user) /bin/sh -c "
    case "su":
      // Its prompt is translated; English is undone once it has let us in.
      prompt = "Password: "
      command = "LC_ALL=C \(program)\(flags) \(user) -c "
    case "doas":
      guard become.password == nil else {
        throw HostError(
          .becomeFailed, "doas takes a password only at a terminal",
          help: "permit the user with 'nopass' in doas.conf, or use become_method: sudo")
      }
      prompt = "[doas-\(nonce)]"
      command = "\(program)\(flags) -n -u \(user) /bin/sh -c "
    default:
      throw HostError(
        .becomeFailed, "become_method '\(method)' isn't supported",
        help: "use sudo, su or doas")
    }
  }

  /// A line that puts the user's shell, running `script`, in place of the shell that reads it.
  func line(running script: String) -> String {
    guard name == "su" else { return "exec \(command)\(Shell.quote(script))\n" }
    // The user's login shell may be any: leave it as soon as possible.
    let restored = "unset LC_ALL; \(script)"
    return "exec env \(command)\(Shell.quote("exec /bin/sh -c \(Shell.quote(restored))"))\n"
  }

  /// What went wrong, from what the program said.
  func failure(_ become: Become, said: String) -> HostError {
    let text = said.split(whereSeparator: \.isNewline).map { $0.trimming() }
      .filter { !$0.isEmpty }.joined(separator: "; ")
    var help = "check become_user, become_method and what the host allows the login user"
    if text.contains("not found") {
      help = "install \(name) on the host, or choose another become_method"
    } else if text.contains("expired") {
      help = "the login user's password has expired on the host: change it there"
    } else if become.password == nil || text.contains("uthentication failure") {
      // By what is given, not by its words: they may be in any language.
      help = "give the password in ansible_become_password, or allow it without (NOPASSWD)"
    }
    return HostError(
      .becomeFailed, "\(name) didn't let us become \(become.user): \(text.isEmpty ? "-" : text)",
      help: help)
  }
}

extension StringProtocol {
  /// Without white space at both ends.
  fileprivate func trimming() -> String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
