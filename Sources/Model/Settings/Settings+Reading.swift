package import Diagnostics
internal import Documents
internal import Glibc

extension Settings {
  /// The settings of a folder: from its `ansible.cfg` or another, and from the environment.
  ///
  /// The file is `ANSIBLE_CONFIG`, `ansible.cfg` in `folder`, `~/.ansible.cfg` or
  /// `/etc/ansible/ansible.cfg`, the first that is there.
  package static func read(
    folder: String = ".", environment: [String: String]
  ) throws(Diagnostics) -> Settings {
    var settings = Settings()
    settings.path = settings.findFile(folder, environment)
    var document: INIDocument?
    if let path = settings.path {
      document = try INIDocument(SourceFile(path: path, text: DocumentFile.text(path)))
    }
    let place = settings.path?.lastIndex(of: "/").map { String(settings.path?[..<$0] ?? ".") }
    var reader = SettingsReader(
      environment: environment, document: document, folder: place ?? ".")
    settings.readRun(&reader)
    settings.readConnection(&reader)
    settings.readBecome(&reader)
    settings.refuseUnsupported(&reader)
    if !reader.problems.isEmpty { throw Diagnostics(reader.problems) }
    settings.origins = reader.origins
    settings.warnUnknown(reader)
    return settings
  }

  /// The settings for this process: its working folder and its environment.
  package static func load() throws(Diagnostics) -> Settings {
    var environment: [String: String] = [:]
    var entry = environ
    while let pointer = entry.pointee {
      let pair = String(cString: pointer).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { environment[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    return try read(environment: environment)
  }

  private mutating func findFile(_ folder: String, _ environment: [String: String]) -> String? {
    if let given = environment["ANSIBLE_CONFIG"], !given.isEmpty {
      let home = environment["HOME"] ?? ""
      let path = given.hasPrefix("~/") ? home + given.dropFirst() : given
      let file = Self.isFolder(path) ? path + "/ansible.cfg" : path
      if access(file, R_OK) == 0 { return file }
      warnings.append(Diagnostic(.warning, "ANSIBLE_CONFIG names \(file), which can't be read"))
    }
    let own = folder == "." ? "ansible.cfg" : folder + "/ansible.cfg"
    if access(own, F_OK) == 0 {
      if !Self.isWorldWritable(folder) { return own }
      warnings.append(
        Diagnostic(
          .warning, "\(own) is passed over: anybody may write into its folder",
          help: "chmod o-w the folder, or name the file in ANSIBLE_CONFIG"))
    }
    let others = [environment["HOME"].map { $0 + "/.ansible.cfg" }, "/etc/ansible/ansible.cfg"]
    return others.compactMap(\.self).first { access($0, R_OK) == 0 }
  }

  private static func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode : 0
  }

  private static func isFolder(_ path: String) -> Bool { mode(path) & S_IFMT == S_IFDIR }

  private static func isWorldWritable(_ folder: String) -> Bool { mode(folder) & S_IWOTH != 0 }

  // MARK: Groups of settings

  private mutating func readRun(_ reader: inout SettingsReader) {
    readInventory(&reader)
    reader.readPaths(
      &rolesPath, ["ANSIBLE_ROLES_PATH"], ["defaults.roles_path"], separator: ":")
    reader.read(&forks, ["ANSIBLE_FORKS"], ["defaults.forks"])
    reader.read(
      &hashBehaviour, ["ANSIBLE_HASH_BEHAVIOUR"], ["defaults.hash_behaviour"],
      of: ["replace", "merge"])
    reader.read(
      &gathering, ["ANSIBLE_GATHERING"], ["defaults.gathering"],
      of: ["implicit", "explicit", "smart"])
    reader.read(
      &strategy, ["ANSIBLE_STRATEGY"], ["defaults.strategy"],
      of: ["linear", "free", "host_pinned", "graph"])
    reader.read(&forceHandlers, ["ANSIBLE_FORCE_HANDLERS"], ["defaults.force_handlers"])
    reader.read(&anyErrorsFatal, ["ANSIBLE_ANY_ERRORS_FATAL"], ["defaults.any_errors_fatal"])
    reader.read(&diffAlways, ["ANSIBLE_DIFF_ALWAYS"], ["diff.always"])
    reader.read(&noLog, ["ANSIBLE_NO_LOG"], ["defaults.no_log"])
    reader.read(&ansibleManaged, [], ["defaults.ansible_managed"])
    reader.read(&noColor, ["ANSIBLE_NOCOLOR"], ["defaults.nocolor"])
    if let text = reader.environment["NO_COLOR"], !text.isEmpty {
      noColor = true
    }
    reader.readPath(
      &vaultPasswordFile, ["ANSIBLE_VAULT_PASSWORD_FILE"], ["defaults.vault_password_file"])
    reader.read(&askVaultPassword, ["ANSIBLE_ASK_VAULT_PASS"], ["defaults.ask_vault_pass"])
    reader.read(&vaultIDMatch, ["ANSIBLE_VAULT_ID_MATCH"], ["defaults.vault_id_match"])
    reader.read(
      &vaultEncryptIdentity, ["ANSIBLE_VAULT_ENCRYPT_IDENTITY"], ["defaults.vault_encrypt_identity"]
    )
    reader.read(
      &vaultEncryptSalt, ["ANSIBLE_VAULT_ENCRYPT_SALT"], ["defaults.vault_encrypt_salt"])
    readVaultIdentities(&reader)
  }

  private mutating func readInventory(_ reader: inout SettingsReader) {
    let plugins = reader.text(["ANSIBLE_INVENTORY_ENABLED"], ["inventory.enable_plugins"])
    if let plugins {
      inventoryPlugins = plugins.value.split { $0 == "," || $0.isWhitespace }.map(String.init)
    }
    guard let found = reader.text(["ANSIBLE_INVENTORY"], ["defaults.inventory"]) else { return }
    // A comma at the end makes a list of hosts; else commas separate paths.
    if found.value.hasSuffix(",") {
      inventory = [found.value]
    } else {
      reader.readPaths(
        &inventory, ["ANSIBLE_INVENTORY"], ["defaults.inventory"], separator: ",")
    }
  }

  private mutating func readVaultIdentities(_ reader: inout SettingsReader) {
    let found = reader.text(["ANSIBLE_VAULT_IDENTITY_LIST"], ["defaults.vault_identity_list"])
    guard let found else { return }
    let identities = found.value.split(separator: ",").map { item in
      let identity = String(item.drop(while: \.isWhitespace))
      guard let at = identity.firstIndex(of: "@") else {
        return reader.path(identity, found.origin)
      }
      let source = String(identity[identity.index(after: at)...])
      let isPrompt = source == "prompt" || source == "prompt_ask_vault_pass"
      return identity[...at] + (isPrompt ? source : reader.path(source, found.origin))
    }
    vaultIdentities = identities
  }

  private mutating func readConnection(_ reader: inout SettingsReader) {
    readTransport(&reader)
    reader.read(&remoteUser, ["ANSIBLE_REMOTE_USER"], ["defaults.remote_user"])
    reader.read(&remotePort, ["ANSIBLE_REMOTE_PORT"], ["defaults.remote_port"])
    reader.readPath(
      &privateKeyFile, ["ANSIBLE_PRIVATE_KEY_FILE"], ["defaults.private_key_file"])
    reader.read(
      &hostKeyChecking, ["ANSIBLE_SSH_HOST_KEY_CHECKING", "ANSIBLE_HOST_KEY_CHECKING"],
      ["ssh_connection.host_key_checking", "defaults.host_key_checking"])
    reader.read(&askPassword, ["ANSIBLE_ASK_PASS"], ["defaults.ask_pass"])
    reader.read(
      &timeout, ["ANSIBLE_SSH_TIMEOUT", "ANSIBLE_TIMEOUT"],
      ["ssh_connection.timeout", "defaults.timeout"])
    reader.read(
      &retries, ["ANSIBLE_SSH_RETRIES"], ["ssh_connection.retries", "connection.retries"])
    reader.readWords(&sshArguments, ["ANSIBLE_SSH_ARGS"], ["ssh_connection.ssh_args"])
    reader.readWords(
      &sshArguments, ["ANSIBLE_SSH_COMMON_ARGS"], ["ssh_connection.ssh_common_args"])
    reader.readWords(
      &sshArguments, ["ANSIBLE_SSH_EXTRA_ARGS"], ["ssh_connection.ssh_extra_args"])
    reader.read(
      &remoteTemporaryFolder, ["ANSIBLE_REMOTE_TEMP", "ANSIBLE_REMOTE_TMP"],
      ["defaults.remote_tmp"])
  }

  /// `smart` and `paramiko` mean SSH.
  private mutating func readTransport(_ reader: inout SettingsReader) {
    reader.read(
      &transport, ["ANSIBLE_TRANSPORT"], ["defaults.transport"],
      of: ["ssh", "openssh", "local", "smart", "paramiko"])
    if transport == "smart" || transport == "paramiko" { transport = "ssh" }
  }

  private mutating func readBecome(_ reader: inout SettingsReader) {
    reader.read(&become, ["ANSIBLE_BECOME"], ["privilege_escalation.become"])
    reader.read(
      &becomeMethod, ["ANSIBLE_BECOME_METHOD"], ["privilege_escalation.become_method"])
    reader.read(
      &becomeUser, ["ANSIBLE_BECOME_USER", "ANSIBLE_SUDO_USER"],
      ["privilege_escalation.become_user", "sudo_become_plugin.user"])
    reader.read(
      &becomeFlags, ["ANSIBLE_BECOME_FLAGS", "ANSIBLE_SUDO_FLAGS"],
      ["privilege_escalation.become_flags", "sudo_become_plugin.flags"])
    reader.read(
      &becomeExecutable, ["ANSIBLE_BECOME_EXE", "ANSIBLE_SUDO_EXE"],
      ["privilege_escalation.become_exe", "sudo_become_plugin.executable"])
    reader.read(
      &askBecomePassword, ["ANSIBLE_BECOME_ASK_PASS"], ["privilege_escalation.become_ask_pass"])
  }
}
