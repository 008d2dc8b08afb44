import Diagnostics
import Execution
import Settings
import Transports

extension ConnectionArguments {
  /// The command line's over `ansible.cfg`'s over our own.
  func defaults(over settings: Settings) throws(Diagnostics) -> ConnectionDefaults {
    var defaults = ConnectionDefaults()
    defaults.apply(settings)
    if let user { defaults.user = user }
    if let privateKey { defaults.privateKeyFile = privateKey }
    if let timeout { defaults.connectTimeout = .seconds(timeout) }
    if let connection { defaults.connection = connection }
    if becomes { defaults.becomes = true }
    if let becomeUser { defaults.becomeUser = becomeUser }
    if let becomeMethod { defaults.becomeMethod = becomeMethod }
    if asksPassword { defaults.password = try Self.ask("SSH password: ") }
    if asksBecomePassword { defaults.becomePassword = try Self.ask("BECOME password: ") }
    return defaults
  }

  private static func ask(_ text: String) throws(Diagnostics) -> String {
    guard let line = Prompt.line(text, isPrivate: true) else {
      throw Diagnostics(
        Diagnostic(
          .error, "can't ask for a password: standard input is no terminal",
          help: "set ansible_password or ansible_become_password in a vaulted file"))
    }
    return line
  }
}
