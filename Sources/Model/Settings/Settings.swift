package import Diagnostics

/// What `ansible.cfg` and the environment set for every run; the command line overrides it.
///
/// Names and defaults are ansible-core 2.19's. Paths from the file are relative to its folder.
package struct Settings: Sendable {
  /// The file that was read; nil where there is none.
  package var path: String?
  package var inventory = Setting<[String]>(["/etc/ansible/hosts"])
  package var rolesPath = Setting<[String]>([
    "~/.ansible/roles", "/usr/share/ansible/roles", "/etc/ansible/roles",
  ])
  package var forks = Setting(5)
  /// `implicit`, `explicit` or `smart`.
  package var gathering = Setting("implicit")
  package var strategy = Setting("linear")
  package var forcesHandlers = Setting(false)
  package var anyErrorsAreFatal = Setting(false)
  package var showsDiff = Setting(false)
  package var hidesLog = Setting(false)
  package var ansibleManaged = Setting("Ansible managed")

  package var vaultPasswordFile = Setting<String?>(nil)
  /// Vault ids as `label@source`.
  package var vaultIdentities = Setting<[String]>([])
  package var asksVaultPassword = Setting(false)

  package var remoteUser = Setting<String?>(nil)
  package var remotePort = Setting<Int?>(nil)
  package var privateKeyFile = Setting<String?>(nil)
  package var checksHostKeys = Setting(true)
  package var asksPassword = Setting(false)
  /// Seconds to wait for a connection.
  package var timeout = Setting(10)
  /// How often a connection is tried again.
  package var retries = Setting(0)
  package var sshArguments = Setting<String?>(nil)
  package var sshCommonArguments = Setting<String?>(nil)
  package var sshExtraArguments = Setting<String?>(nil)
  /// The folder for temporary files on hosts.
  package var remoteTemporaryFolder = Setting("~/.ansible/tmp")

  package var becomes = Setting(false)
  package var becomeMethod = Setting("sudo")
  package var becomeUser = Setting("root")
  package var becomeFlags = Setting<String?>(nil)
  package var becomeExecutable = Setting<String?>(nil)
  package var asksBecomePassword = Setting(false)

  package var hasNoColor = Setting(false)
  /// What doesn't stop the work: settings that nobody here knows, a file that isn't trusted.
  package var warnings: [Diagnostic] = []

  package init() {}
}
