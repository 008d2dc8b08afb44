internal import Hosts

/// The command that becomes another user, by each program that can.
struct BecomeMethod {
  /// Where a prompt for the password comes, and how it's known.
  let prompt: String
  /// What runs a script as the user; the script's words follow as one quoted word.
  private let command: String
  private let name: String
  private let user: String
  private let givesPassword: Bool

  /// Refuses by name what isn't supported.
  init(_ become: Become, nonce: String) throws(HostError) {
    let method = become.method
    let program = become.executable.map(RemotePath.quoted) ?? method
    user = Shell.quote(become.user)
    let flags = become.flags.map { " " + $0 } ?? ""
    name = method
    givesPassword = become.password != nil
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
      // Of its prompt, `doas (user@host) password: `, the part that is always the same.
      prompt = ") password: "
      command = "\(program)\(flags)"
    default:
      throw HostError(
        .becomeFailed, "become_method '\(method)' isn't supported",
        help: "use sudo, su or doas")
    }
  }

  /// Lines that put the user's shell, which greets and runs `script`, in place of the shell that
  /// reads them.
  func line(greeting: String, running script: String) -> String {
    let whole = "\(greeting); \(script)"
    switch name {
    case "su":
      // The user's login shell may be any: leave it as soon as possible.
      let restored = "unset LC_ALL; \(whole)"
      return "exec env \(command)\(Shell.quote("exec /bin/sh -c \(Shell.quote(restored))"))\n"
    case "doas": return doas(greeting, script)
    default: return "exec \(command)\(Shell.quote(whole))\n"
    }
  }

  /// What names the group of the user's shell: doas leaves it in a session that `script` made.
  var group: String {
    guard name == "doas" else { return "$$" }
    return "$(read -r a b c d g r 2>/dev/null </proc/$$/stat; echo ${g:-$$})"
  }

  /// doas asks at a terminal alone, so it gets one from `script`: the prompt and the password go by
  /// it, while the shell's own streams are ours, without a terminal's ways.
  ///
  /// Only where a password is surely asked for: what reads it would take the first command instead.
  private func doas(_ greeting: String, _ script: String) -> String {
    let words = Shell.quote("\(greeting); \(script)")
    let silent = "\(command) -n -u \(user) /bin/sh -c "
    guard givesPassword else { return "exec \(silent)\(words)\n" }
    let own = "3<&- 4>&- 5>&-"
    // By the terminal, behind which nothing comes: not before what doas writes there at last.
    let greeted = Shell.quote("{ \(greeting); } 2>/dev/tty; \(script)")
    let asking = "exec \(command) -u \(user) /bin/sh -c \(greeted) <&3 >&4 2>&5 \(own)"
    return """
      exec 3<&0 4>&1 5>&2
      \(silent): </dev/null >/dev/null 2>&1 && exec \(silent)\(words) \(own)
      { IFS= read -r w <&3; printf '%s\\n' "$w"; } | {
      SHELL=/bin/sh script -qfc \(Shell.quote(asking)) /dev/null >&5 2>&5; kill -TERM $$; }

      """
  }

  /// What went wrong, from what the program said.
  func failure(_ become: Become, said: String) -> HostError {
    let text = said.replacing("; ", with: "\n").split(whereSeparator: \.isNewline).map {
      $0.trimming()
    }
    .filter { !$0.isEmpty && !(name == "doas" && $0.hasPrefix("doas (")) }
    .joined(separator: "; ")
    var help = "check become_user, become_method and what the host allows the login user"
    if text.contains("script: not found") {
      help = "doas needs a terminal for the password, which `script` (util-linux) would give it"
    } else if text.contains("not found") {
      help = "install \(name) on the host, or choose another become_method"
    } else if text.contains("expired") {
      help = "the login user's password has expired on the host: change it there"
    } else if become.password == nil || text.contains("uthentication fail") {
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
