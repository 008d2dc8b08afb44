internal import Documents
internal import Hosts
internal import Playbooks
package import Templates
internal import Values

extension ConnectionDefaults {
  /// Where a host's variables and a task's keywords lead; variables win over keywords, as in
  /// Ansible, and both over these defaults.
  func target(
    of host: String, keywords: Keywords, scope: Scope
  ) throws(TemplateError) -> ConnectionTarget {
    var target = ConnectionTarget(
      name: host, address: try scope.text("ansible_host", "ansible_ssh_host") ?? host)
    let keyword = try keywords.connection.text(in: scope)
    target.connection =
      try scope.text("ansible_connection") ?? keyword ?? connection
    let keywordPort = try keywords.port.number(in: scope).map { Int($0) }
    target.port = try scope.number("ansible_port", "ansible_ssh_port") ?? keywordPort ?? port
    let keywordUser = try keywords.remoteUser.text(in: scope)
    target.user = try scope.text("ansible_user", "ansible_ssh_user") ?? keywordUser ?? user
    target.password =
      try scope.text("ansible_password", "ansible_ssh_pass", "ansible_ssh_password") ?? password
    target.privateKeyFile =
      try scope.text("ansible_ssh_private_key_file", "ansible_private_key_file") ?? privateKeyFile
    target.privateKeyPassphrase = try scope.text("ansible_ssh_private_key_passphrase")
    target.checksHostKey =
      try scope.flag("ansible_host_key_checking", "ansible_ssh_host_key_checking") ?? checksHostKey
    target.knownHostsFile = knownHostsFile
    target.connectTimeout = connectTimeout
    if let seconds = try scope.number("ansible_timeout", "ansible_ssh_timeout") {
      target.connectTimeout = .seconds(seconds)
    }
    target.sshArguments = sshArguments
    for name in ["ansible_ssh_args", "ansible_ssh_common_args", "ansible_ssh_extra_args"] {
      if let text = try scope.text(name) {
        target.sshArguments += try Self.words(text, of: name)
      }
    }
    target.remoteTemporaryFolder = try scope.text("ansible_remote_tmp") ?? remoteTemporaryFolder
    if let lab, target.connection != "local" {
      target.privateKeyFile = lab.privateKeyFile
      target.privateKeyPassphrase = nil
      target.password = nil
      target.knownHostsFile = lab.knownHostsFile
      target.checksHostKey = true
      target.sshArguments = []
    }
    return target
  }

  /// A variable's words, as a shell would split them.
  private static func words(
    _ text: String, of name: String
  ) throws(TemplateError) -> [String] {
    do throws(ShellWords.Problem) { return try ShellWords.split(text).map(\.text) } catch {
      throw TemplateError(.other, "`\(name)` has a quote that is never closed: \(text)")
    }
  }

  /// Whom a task acts as; nil for the login user.
  func become(keywords: Keywords, scope: Scope) throws(TemplateError) -> Become? {
    let keyword = try keywords.become.bool(in: scope)
    guard try scope.flag("ansible_become") ?? keyword ?? becomes else { return nil }
    var become = Become()
    let user = try keywords.becomeUser.text(in: scope)
    become.user = try scope.text("ansible_become_user") ?? user ?? becomeUser
    let method = try keywords.becomeMethod.text(in: scope)
    become.method = try scope.text("ansible_become_method") ?? method ?? becomeMethod
    become.password =
      try scope.text(
        "ansible_become_password", "ansible_become_pass", "ansible_sudo_pass",
        "ansible_\(become.method)_pass") ?? becomePassword
    let flags = try keywords.becomeFlags.text(in: scope)
    become.flags = try scope.text("ansible_become_flags") ?? flags ?? becomeFlags
    let executable = try keywords.becomeExecutable.text(in: scope)
    become.executable = try scope.text("ansible_become_exe") ?? executable ?? becomeExecutable
    return become
  }
}

extension Scope {
  /// The first of these variables that is defined, as text with marks off; for connections alone.
  package func text(_ names: String...) throws(TemplateError) -> String? {
    for name in names {
      guard let value = try value(name) else { continue }
      switch value.unmarkedDeeply() {
      case .null: continue
      case .string(let text): return text
      case let other: return other.description
      }
    }
    return nil
  }

  package func number(_ names: String...) throws(TemplateError) -> Int? {
    for name in names {
      guard let value = try value(name) else { continue }
      switch value.unmarkedDeeply() {
      case .null: continue
      case .int(let number): return number
      case .string(let text) where Int(text) != nil: return Int(text)
      case let other: throw TemplateError(.type, "`\(name)` is no number: \(other)")
      }
    }
    return nil
  }

  package func flag(_ names: String...) throws(TemplateError) -> Bool? {
    for name in names {
      guard let value = try value(name) else { continue }
      switch value.unmarkedDeeply() {
      case .null: continue
      case .string(let text):
        return ["yes", "true", "on", "1", "y", "t"].contains(text.lowercased())
      case let other: return other.isTruthy
      }
    }
    return nil
  }

  private func value(_ name: String) throws(TemplateError) -> Value? {
    switch variables.variable(named: name) {
    case .value(let value)?: return value
    case .expression(let expression)?: return try expression.evaluate(in: self)
    case .scope?, .undefined?, nil: return nil
    }
  }
}
