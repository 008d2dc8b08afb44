import Diagnostics
import FoundationEssentials
import Settings
import Testing

@Suite struct SettingsTests {
  /// A folder with an `ansible.cfg`.
  private func folder(_ text: String?, mode: Int = 0o755) throws -> String {
    let random = UInt64.random(in: 0 ... .max)
    let path = FileManager.default.temporaryDirectory.path + "/settings-\(random)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    if let text { try Data(text.utf8).write(to: URL(filePath: path + "/ansible.cfg")) }
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  private func read(
    _ text: String, _ environment: [String: String] = [:]
  ) throws -> (settings: Settings, folder: String) {
    let folder = try folder(text)
    return (try Settings.read(folder: folder, environment: environment), folder)
  }

  /// What is said of a file that is refused, with `ansible.cfg` for its path.
  private func failure(_ text: String, _ environment: [String: String] = [:]) throws -> String {
    let folder = try folder(text)
    do throws(Diagnostics) {
      _ = try Settings.read(folder: folder, environment: environment)
      return ""
    } catch {
      return error.all.map { DiagnosticRenderer().render($0) }.joined()
        .replacing(folder + "/", with: "")
    }
  }

  private func warnings(_ settings: Settings, in folder: String) -> String {
    settings.warnings.map { DiagnosticRenderer().render($0) }.joined()
      .replacing(folder + "/", with: "")
  }

  @Test func readsWhatPeopleSet() throws {
    let (settings, folder) = try read(
      """
      # a comment
      [defaults]
      inventory = inventories/bay, /etc/hosts.yml
      remote_user: admin
      private_key_file = ~/.ssh/id
      host_key_checking = False
      forks = 20 ; as many as hosts
      roles_path = roles:/opt/roles
      vault_password_file = secrets/$NAME
      vault_identity_list = dev@pass, prod@prompt
      gathering = explicit

      [privilege_escalation]
      become = yes
      become_user = operator
      become_flags = -H -S

      [ssh_connection]
      ssh_args = -o ControlMaster=auto -o "ProxyCommand=ssh -W %h:%p jump"
      ssh_common_args = -C
      pipelining = True
      retries = 3
      timeout = 30
      """, ["HOME": "/home/me", "NAME": "vault"])
    #expect(settings.inventory == [folder + "/inventories/bay", "/etc/hosts.yml"])
    #expect(settings.remoteUser == "admin")
    #expect(settings.privateKeyFile == "/home/me/.ssh/id")
    #expect(settings.hostKeyChecking == false)
    #expect(settings.forks == 20)
    #expect(settings.rolesPath == [folder + "/roles", "/opt/roles"])
    #expect(settings.vaultPasswordFile == folder + "/secrets/vault")
    #expect(settings.vaultIdentities == ["dev@" + folder + "/pass", "prod@prompt"])
    #expect(settings.gathering == "explicit")
    #expect(settings.become == true)
    #expect(settings.becomeUser == "operator")
    #expect(settings.becomeFlags == "-H -S")
    #expect(settings.becomeMethod == nil)
    #expect(settings.retries == 3)
    #expect(settings.timeout == 30)
    #expect(
      settings.sshArguments == [
        "-o", "ControlMaster=auto", "-o", "ProxyCommand=ssh -W %h:%p jump", "-C",
      ])
    #expect(settings.warnings.isEmpty)
    #expect(settings.origins["forks"]?.description == folder + "/ansible.cfg:7:9")
    #expect(settings.origins["become_method"] == nil)
  }

  @Test func theEnvironmentOverridesTheFile() throws {
    let (settings, _) = try read(
      "[defaults]\nforks = 20\ninventory = a\n",
      ["ANSIBLE_FORKS": "7", "ANSIBLE_HOST_KEY_CHECKING": "0", "ANSIBLE_INVENTORY": "web1,web2,"])
    #expect(settings.forks == 7)
    #expect(settings.hostKeyChecking == false)
    #expect(settings.inventory == ["web1,web2,"])
    #expect(settings.origins["forks"]?.description == "ANSIBLE_FORKS")
  }

  @Test func withoutAnythingNothingIsSet() throws {
    let settings = try Settings.read(folder: try folder(nil), environment: ["HOME": "/nowhere"])
    #expect(settings.path == nil)
    #expect(settings.inventory.isEmpty && settings.forks == nil && settings.become == nil)
    #expect(settings.warnings.isEmpty)
  }

  @Test func ansibleConfigNamesAnotherFile() throws {
    let other = try folder("[defaults]\nforks = 3\n")
    let settings = try Settings.read(
      folder: try folder("[defaults]\nforks = 4\n"), environment: ["ANSIBLE_CONFIG": other])
    #expect(settings.forks == 3)
    #expect(settings.path == other + "/ansible.cfg")
  }

  @Test func aFileThatAnybodyMayWriteIsPassedOver() throws {
    let folder = try folder("[defaults]\nforks = 3\n", mode: 0o777)
    let settings = try Settings.read(folder: folder, environment: [:])
    #expect(settings.forks == nil)
    #expect(
      warnings(settings, in: folder) == """
        warning: ansible.cfg is passed over: anybody may write into its folder
          help: chmod o-w the folder, or name the file in ANSIBLE_CONFIG

        """)
  }

  @Test func unknownSettingsAreWarnings() throws {
    let (settings, folder) = try read(
      "[defaults]\nfroks = 3\nstdout_callback = yaml\n[colors]\nok = green\n",
      ["ANSIBLE_FROKS": "1", "ANSIBLE_NOCOWS": "1"])
    #expect(
      warnings(settings, in: folder) == """
        ansible.cfg:2:1: warning: the setting `froks` of `[defaults]` isn't known here
          2 | froks = 3
            | ^~~~~
          help: did you mean `forks`?
        warning: the environment variable ANSIBLE_FROKS isn't known here
          help: did you mean `ANSIBLE_FORKS`?

        """)
  }

  @Test func wrongSettingsAreErrorsWithTheirPlace() throws {
    #expect(
      try failure("[defaults]\nforks = many\nhost_key_checking=maybe\ngathering = smrt\n") == """
        ansible.cfg:2:9: error: forks must be a whole number
          2 | forks = many
            |         ^~~~
          help: write digits alone
        ansible.cfg:4:13: error: gathering must be one of implicit, explicit, smart
          4 | gathering = smrt
            |             ^~~~
          help: did you mean `smart`?
        ansible.cfg:3:19: error: host_key_checking must be a boolean
          3 | host_key_checking=maybe
            |                   ^~~~~
          help: write True or False

        """)
    #expect(
      try failure("", ["ANSIBLE_TIMEOUT": "soon"]) == """
        error: ANSIBLE_TIMEOUT: timeout must be a whole number, not `soon`
          help: write digits alone

        """)
  }

  @Test func whatChangesTheMeaningOfPlaybooksIsRefused() throws {
    #expect(
      try failure("[defaults]\nerror_on_undefined_vars = false\n") == """
        ansible.cfg:2:27: error: error_on_undefined_vars isn't supported with `false`
          2 | error_on_undefined_vars = false
            |                           ^~~~~
          help: undefined variables are always errors: use the filter `default`

        """)
    #expect(try failure("[defaults]\nhash_behaviour = merge\n").isEmpty)
  }

  @Test func theFileMustBeINI() throws {
    #expect(
      try failure("forks = 3\n[defaults]\nforks\nforks = 1\nForks = 2\n") == """
        ansible.cfg:1:1: error: `forks = 3` stands in no section
          1 | forks = 3
            | ^~~~~~~~~
          help: write `[defaults]` above it
        ansible.cfg:3:1: error: `forks` is no setting
          3 | forks
            | ^~~~~
          help: write `key = value`
        ansible.cfg:5:1: error: `forks` is given twice in `[defaults]`
          5 | Forks = 2
            | ^~~~~~~~~
          help: remove one of them
        ansible.cfg:4:1: note: first given here
          4 | forks = 1
            | ^~~~~

        """)
  }
}
