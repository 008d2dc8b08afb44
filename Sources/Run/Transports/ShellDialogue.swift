internal import Cryptography
internal import Hosts

/// Opens a shell as a user: skips what the login says, gives the password where it's asked for.
///
/// What the login shell is, and what it prints, doesn't matter: it's asked only to become /bin/sh.
/// The password is written only after the prompt was seen: where none comes, it would be run as a
/// command.
struct ShellDialogue {
  /// A process in which the script runs now, after its greeting was read.
  struct Opened {
    var process: any RunningProcess
    /// The process groups that what runs in it belongs to.
    var groups: [Int32]
    /// What has come after the greeting already.
    var output: [UInt8]
    var error: [UInt8]
  }

  let machine: any Machine
  let become: Become?
  let timeout: Duration
  /// How long a question that nobody can answer may be the beginning of something else.
  private static let patience: Duration = .seconds(2)

  /// Runs a script, or stays /bin/sh where it is nil; its standard input is ours from then on.
  func open(_ script: String?) async throws(HostError) -> Opened {
    let nonce = SecureRandom.hex(16)
    let method = try become.map { (become) throws(HostError) in
      try BecomeMethod(become, nonce: nonce)
    }
    // Words that every login shell reads alike; all else goes by the input.
    let process = try await machine.start("exec /bin/sh")
    let deadline = Deadline(after: timeout) { await process.close() }
    defer { deadline.cancel() }
    var greeting = Greeting(nonce: nonce)
    let problem: HostError
    do throws(HostError) {
      try await greet(process, text(running: script, nonce, method), &greeting, method)
      if !deadline.hasPassed { return greeting.opened(process) }
      problem = late(greeting, method)
    } catch {
      problem = deadline.hasPassed ? late(greeting, method) : error
    }
    await process.close()
    throw problem
  }

  /// What the first shell reads: it says that it is there, and becomes the shell of the script.
  private func text(running script: String?, _ nonce: String, _ method: BecomeMethod?) -> String {
    let first = "echo; echo first-\(nonce) $$; echo >&2; echo first-\(nonce) >&2"
    let group = method?.group ?? "$$"
    let greeting = "printf '\\n\(nonce) %s\\n' \(group); printf '\\n\(nonce) \\n' >&2"
    if let method {
      return "\(first)\n" + method.line(greeting: greeting, running: script ?? "exec /bin/sh")
    }
    guard let script else { return "\(first); \(greeting)\n" }
    // By another shell: this one may have read ahead what is meant for the script.
    return "\(first); exec /bin/sh -c \(Shell.quote("\(greeting); \(script)"))\n"
  }

  private func greet(
    _ process: any RunningProcess, _ line: String, _ greeting: inout Greeting,
    _ method: BecomeMethod?
  ) async throws(HostError) {
    var answers = 0
    var patience: Deadline?
    defer { patience?.cancel() }
    do throws(TransportError) {
      try await process.send(Array(line.utf8))
      while !greeting.isComplete {
        let piece = try await process.receive()
        patience?.cancel()
        if patience?.hasPassed == true, let method { throw anotherQuestion(greeting, method) }
        guard greeting.take(piece) else {
          throw TransportError(.ended, "the process ended")
        }
        // With the password given, nothing else can be answered.
        if let method, answers > 0, greeting.question(beside: method.prompt) != nil {
          patience = Deadline(after: Self.patience) { await process.close() }
        }
        guard let method, greeting.count(of: method.prompt) > answers else { continue }
        guard answers == 0, let password = become?.password else { break }
        answers += 1
        try await process.send(Array((password + "\n").utf8))
      }
    } catch {
      throw failure(error, greeting, method)
    }
    guard greeting.isComplete else { throw passwordProblem(wasGiven: answers > 0) }
  }

  private func failure(
    _ error: TransportError, _ greeting: Greeting, _ method: BecomeMethod?
  ) -> HostError {
    guard error.kind == .ended else {
      return HostError(.connectionLost, "the connection was lost: \(error.message)")
    }
    let said = greeting.said(without: method?.prompt)
    if let become, let method, greeting.isLoggedIn { return method.failure(become, said: said) }
    return HostError(
      .unreachable, "the login doesn't lead to a shell; it said: \(said.isEmpty ? "-" : said)",
      help: said.contains("password has expired")
        ? "change the user's password on the host; no command runs before"
        : "check that the user's login shell runs commands (ssh HOST true)")
  }

  /// Told as the process's end, so that it's worded as what the program said.
  private func anotherQuestion(_ greeting: Greeting, _ method: BecomeMethod) -> TransportError {
    TransportError(.ended, "it asks: \(greeting.question(beside: method.prompt) ?? "")")
  }

  private func passwordProblem(wasGiven: Bool) -> HostError {
    let method = become?.method ?? "sudo"
    let user = become?.user ?? "root"
    if wasGiven {
      return HostError(
        .becomeFailed, "\(method) refused the password for becoming \(user)",
        help: "correct ansible_become_password; it's the login user's password for sudo")
    }
    return HostError(
      .becomeFailed, "\(method) asks for a password to become \(user), and none is given",
      help: "set ansible_become_password, or use --ask-become-pass")
  }

  private func late(_ greeting: Greeting, _ method: BecomeMethod?) -> HostError {
    if let become, let method {
      let said = greeting.said(without: method.prompt)
      return HostError(
        .becomeFailed,
        "\(become.method) gave no shell as \(become.user) within \(timeout.inSeconds) s"
          + (said.isEmpty ? "" : "; it said: \(said)"),
        help: "log in and try it by hand: it may ask for something that isn't the password")
    }
    return HostError(.unreachable, "the host gave no shell within \(timeout.inSeconds) s")
  }
}

/// What comes before a script's own output.
private struct Greeting {
  private var login: FrameScanner
  private var loginError: FrameScanner
  private var output: FrameScanner
  private var error: FrameScanner

  /// No login says more than this that is worth showing, in bytes.
  private static let limit = 1 << 20

  init(nonce: String) {
    login = FrameScanner(mark: "first-\(nonce) ", limit: Self.limit)
    loginError = FrameScanner(mark: "first-\(nonce)", limit: Self.limit)
    output = FrameScanner(mark: "\(nonce) ", limit: Self.limit)
    error = FrameScanner(mark: "\(nonce) ", limit: Self.limit)
  }

  var isComplete: Bool { output.isComplete && error.isComplete }
  /// Whether /bin/sh was reached.
  var isLoggedIn: Bool { login.isComplete }

  /// Takes a piece; false at the end.
  mutating func take(_ piece: OutputPiece) -> Bool {
    switch piece {
    case .output(let bytes):
      login.append(bytes)
      output.append(bytes)
    case .error(let bytes):
      loginError.append(bytes)
      error.append(bytes)
    case .end: return false
    }
    return true
  }

  /// How often a prompt was shown.
  func count(of prompt: String) -> Int {
    String(decoding: loginError.rest, as: UTF8.self).ranges(of: prompt).count
      + String(decoding: login.rest, as: UTF8.self).ranges(of: prompt).count
  }

  /// What is asked at the end of the error output, other than by `prompt`.
  func question(beside prompt: String) -> String? {
    let text = String(decoding: loginError.rest.suffix(4096), as: UTF8.self)
    guard let last = text.split(whereSeparator: \.isNewline).last, text.hasSuffix(last),
      !last.contains(prompt), last.hasSuffix(":") || last.hasSuffix(": ")
    else { return nil }
    return String(last)
  }

  /// What a failure said, errors first.
  func said(without prompt: String?) -> String {
    let error = loginError.isComplete ? loginError.rest : Array(loginError.body)
    var text = String(decoding: error.suffix(4096), as: UTF8.self)
    let rest = isLoggedIn ? login.rest : Array(login.body)
    text += "\n" + String(decoding: rest.suffix(4096), as: UTF8.self)
    if let prompt { text = text.replacing(prompt, with: "\n") }
    return text.split(whereSeparator: \.isNewline).joined(separator: "; ")
  }

  func opened(_ process: any RunningProcess) -> ShellDialogue.Opened {
    // Never 1 or less: that would be everything.
    let groups = [login.trailer, output.trailer].compactMap { $0.flatMap { Int32($0) } }
      .filter { $0 > 1 }
    return ShellDialogue.Opened(
      process: process, groups: Array(Set(groups)), output: output.rest, error: error.rest)
  }
}
