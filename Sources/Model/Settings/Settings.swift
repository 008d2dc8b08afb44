package import Diagnostics

/// What `ansible.cfg` and the environment set for every run; the command line overrides it.
///
/// Names and meanings are ansible-core 2.19's. What nobody set is nil or empty: whoever uses a setting
/// knows its default. Paths from the file are relative to its folder.
package struct Settings: Sendable {
  /// The file that was read; nil where there is none.
  package var path: String?
  /// Where each setting comes from, by its name in `ansible.cfg`: `forks`, `become_user`.
  package var origins: [String: SettingOrigin] = [:]

  package var inventory: [String] = []
  /// The inventory plugins that may read sources; empty for Ansible's own choice.
  package var inventoryPlugins: [String] = []
  package var rolesPath: [String] = []
  package var forks: Int?
  /// `implicit`, `explicit` or `smart`.
  package var gathering: String?
  /// `replace` or `merge`: what dictionaries of several levels of precedence become.
  package var hashBehaviour: String?
  package var strategy: String?
  package var forceHandlers: Bool?
  package var anyErrorsFatal: Bool?
  package var diffAlways: Bool?
  package var noLog: Bool?
  package var ansibleManaged: String?

  package var vaultPasswordFile: String?
  /// Vault ids as `label@source`.
  package var vaultIdentities: [String] = []
  package var askVaultPassword: Bool?
  /// Whether vault ids are binding: `vault_id_match`.
  package var vaultIDMatch: Bool?
  /// The vault id to encrypt with.
  package var vaultEncryptIdentity: String?
  /// A fixed salt for `vault encrypt`, so that the same text is encrypted alike each time.
  package var vaultEncryptSalt: String?

  /// `ssh`, `openssh` or `local`.
  package var transport: String?
  package var remoteUser: String?
  package var remotePort: Int?
  package var privateKeyFile: String?
  package var hostKeyChecking: Bool?
  package var askPassword: Bool?
  /// Seconds to wait for a connection.
  package var timeout: Int?
  /// How often a connection is tried again.
  package var retries: Int?
  /// `ssh_args`, `ssh_common_args` and `ssh_extra_args` in words.
  package var sshArguments: [String] = []
  /// The folder for temporary files on hosts.
  package var remoteTemporaryFolder: String?

  package var become: Bool?
  package var becomeMethod: String?
  package var becomeUser: String?
  package var becomeFlags: String?
  package var becomeExecutable: String?
  package var askBecomePassword: Bool?

  package var noColor: Bool?
  /// What doesn't stop the work: settings that nobody here knows, a file that isn't trusted.
  package var warnings: [Diagnostic] = []

  package init() {}
}
