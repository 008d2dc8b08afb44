internal import Diagnostics
internal import Glibc
package import Templates
internal import Values

extension Settings {
  /// The settings in force by Ansible's names, for `lookup('config', …)`.
  ///
  /// What nobody set has the default that is in force here, which isn't Ansible's everywhere.
  package var configured: ConfiguredSettings {
    var known: [String: ConfiguredSettings.Setting] = [
      "CONFIG_FILE": .init(value: text(path.map(Self.absolute)), origin: "")
    ]
    for (name, key, value) in values {
      known[name] = .init(value: value, origin: origin(key))
    }
    return ConfiguredSettings(known: known, foreign: Self.foreign)
  }

  private var values: [(name: String, key: String, value: Value)] {
    runValues + vaultValues + connectionValues + becomeValues
  }

  private var runValues: [(String, String, Value)] {
    [
      ("DEFAULT_FORKS", "forks", .int(forks ?? 50)),
      ("DEFAULT_HOST_LIST", "inventory", texts(inventory.map(Self.absolute))),
      ("DEFAULT_ROLES_PATH", "roles_path", texts(rolesPath.map(Self.absolute))),
      ("INVENTORY_ENABLED", "enable_plugins", texts(plugins)),
      ("DEFAULT_GATHERING", "gathering", text(gathering ?? "implicit")),
      ("DEFAULT_HASH_BEHAVIOUR", "hash_behaviour", text(hashBehaviour ?? "replace")),
      ("DEFAULT_STRATEGY", "strategy", text(strategy ?? "linear")),
      ("DEFAULT_FORCE_HANDLERS", "force_handlers", .bool(forceHandlers ?? false)),
      ("ANY_ERRORS_FATAL", "any_errors_fatal", .bool(anyErrorsFatal ?? false)),
      ("DIFF_ALWAYS", "always", .bool(diffAlways ?? false)),
      ("DEFAULT_NO_LOG", "no_log", .bool(noLog ?? false)),
      ("ANSIBLE_NOCOLOR", "nocolor", .bool(noColor ?? false)),
      ("DEFAULT_UNDEFINED_VAR_BEHAVIOR", "error_on_undefined_vars", .bool(true)),
      ("DEFAULT_PRIVATE_ROLE_VARS", "private_role_vars", .bool(false)),
      ("DEFAULT_JINJA2_EXTENSIONS", "jinja2_extensions", .list([])),
    ]
  }

  private var vaultValues: [(String, String, Value)] {
    [
      ("DEFAULT_VAULT_PASSWORD_FILE", "vault_password_file", text(vaultPasswordFile)),
      ("DEFAULT_VAULT_IDENTITY_LIST", "vault_identity_list", texts(vaultIdentities)),
      ("DEFAULT_ASK_VAULT_PASS", "ask_vault_pass", .bool(askVaultPassword ?? false)),
      ("DEFAULT_VAULT_ID_MATCH", "vault_id_match", .bool(vaultIDMatch ?? false)),
      ("DEFAULT_VAULT_ENCRYPT_IDENTITY", "vault_encrypt_identity", text(vaultEncryptIdentity)),
      ("VAULT_ENCRYPT_SALT", "vault_encrypt_salt", text(vaultEncryptSalt)),
    ]
  }

  private var connectionValues: [(String, String, Value)] {
    [
      ("DEFAULT_TRANSPORT", "transport", text(transport ?? "ssh")),
      ("DEFAULT_REMOTE_USER", "remote_user", text(remoteUser)),
      ("DEFAULT_REMOTE_PORT", "remote_port", remotePort.map { .int($0) } ?? .null),
      ("DEFAULT_PRIVATE_KEY_FILE", "private_key_file", text(privateKeyFile)),
      ("HOST_KEY_CHECKING", "host_key_checking", .bool(hostKeyChecking ?? true)),
      ("DEFAULT_ASK_PASS", "ask_pass", .bool(askPassword ?? false)),
      ("DEFAULT_TIMEOUT", "timeout", .int(timeout ?? 10)),
    ]
  }

  private var becomeValues: [(String, String, Value)] {
    [
      ("DEFAULT_BECOME", "become", .bool(become ?? false)),
      ("DEFAULT_BECOME_METHOD", "become_method", text(becomeMethod ?? "sudo")),
      ("DEFAULT_BECOME_USER", "become_user", text(becomeUser ?? "root")),
      ("DEFAULT_BECOME_EXE", "become_exe", text(becomeExecutable)),
      ("DEFAULT_BECOME_FLAGS", "become_flags", text(becomeFlags ?? "")),
      ("DEFAULT_BECOME_ASK_PASS", "become_ask_pass", .bool(askBecomePassword ?? false)),
    ]
  }

  private var plugins: [String] {
    inventoryPlugins.isEmpty
      ? ["host_list", "script", "auto", "yaml", "ini", "toml"] : inventoryPlugins
  }

  private func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }

  private func texts(_ texts: [String]) -> Value { .list(texts.map { .string($0) }) }

  private func origin(_ key: String) -> String {
    switch origins[key] {
    case .environment(let name)?: "env: \(name)"
    case .file(let range)?: Self.absolute(range.file.path)
    case nil: "default"
    }
  }

  /// The path from the root; a list of hosts stays as it is.
  private static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") || path.hasSuffix(",") { return path }
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }

  /// Ansible's names of what nothing here goes by.
  private static let foreign = Set(
    """
    ACTION_WARNINGS AGNOSTIC_BECOME_PROMPT ALLOW_BROKEN_CONDITIONALS ALLOW_EMBEDDED_TEMPLATES
    ANSIBLE_CONNECTION_PATH ANSIBLE_COW_ACCEPTLIST ANSIBLE_COW_PATH ANSIBLE_COW_SELECTION
    ANSIBLE_FORCE_COLOR ANSIBLE_HOME ANSIBLE_NOCOWS ANSIBLE_PIPELINING BECOME_ALLOW_SAME_USER
    BECOME_PASSWORD_FILE BECOME_PLUGIN_PATH CACHE_PLUGIN CACHE_PLUGIN_CONNECTION
    CACHE_PLUGIN_PREFIX CACHE_PLUGIN_TIMEOUT CALLBACKS_ENABLED
    COLLECTIONS_ON_ANSIBLE_VERSION_MISMATCH COLLECTIONS_PATHS COLLECTIONS_SCAN_SYS_PATH
    COLOR_CHANGED COLOR_CONSOLE_PROMPT COLOR_DEBUG COLOR_DEPRECATE COLOR_DIFF_ADD COLOR_DIFF_LINES
    COLOR_DIFF_REMOVE COLOR_DOC_CONSTANT COLOR_DOC_DEPRECATED COLOR_DOC_LINK COLOR_DOC_MODULE
    COLOR_DOC_PLUGIN COLOR_DOC_REFERENCE COLOR_ERROR COLOR_HIGHLIGHT COLOR_INCLUDED COLOR_OK
    COLOR_SKIP COLOR_UNREACHABLE COLOR_VERBOSE COLOR_WARN CONNECTION_FACTS_MODULES
    CONNECTION_PASSWORD_FILE COVERAGE_REMOTE_OUTPUT COVERAGE_REMOTE_PATHS
    DEFAULT_ACTION_PLUGIN_PATH DEFAULT_ALLOW_UNSAFE_LOOKUPS DEFAULT_CACHE_PLUGIN_PATH
    DEFAULT_CALLBACK_PLUGIN_PATH DEFAULT_CLICONF_PLUGIN_PATH DEFAULT_CONNECTION_PLUGIN_PATH
    DEFAULT_DEBUG DEFAULT_EXECUTABLE DEFAULT_FILTER_PLUGIN_PATH DEFAULT_HTTPAPI_PLUGIN_PATH
    DEFAULT_INTERNAL_POLL_INTERVAL DEFAULT_INVENTORY_PLUGIN_PATH DEFAULT_JINJA2_NATIVE
    DEFAULT_KEEP_REMOTE_FILES DEFAULT_LIBVIRT_LXC_NOSECLABEL DEFAULT_LOAD_CALLBACK_PLUGINS
    DEFAULT_LOCAL_TMP DEFAULT_LOG_FILTER DEFAULT_LOG_PATH DEFAULT_LOOKUP_PLUGIN_PATH
    DEFAULT_MANAGED_STR DEFAULT_MODULE_ARGS DEFAULT_MODULE_COMPRESSION DEFAULT_MODULE_NAME
    DEFAULT_MODULE_PATH DEFAULT_MODULE_UTILS_PATH DEFAULT_NETCONF_PLUGIN_PATH
    DEFAULT_NO_TARGET_SYSLOG DEFAULT_NULL_REPRESENTATION DEFAULT_POLL_INTERVAL
    DEFAULT_SELINUX_SPECIAL_FS DEFAULT_STDOUT_CALLBACK DEFAULT_STRATEGY_PLUGIN_PATH DEFAULT_SU
    DEFAULT_SYSLOG_FACILITY DEFAULT_TERMINAL_PLUGIN_PATH DEFAULT_TEST_PLUGIN_PATH
    DEFAULT_VARS_PLUGIN_PATH DEFAULT_VAULT_IDENTITY DEFAULT_VERBOSITY DEPRECATION_WARNINGS
    DEVEL_WARNING DIFF_CONTEXT DISPLAY_ARGS_TO_STDOUT DISPLAY_SKIPPED_HOSTS DISPLAY_TRACEBACK
    DOCSITE_ROOT_URL DOC_FRAGMENT_PLUGIN_PATH DUPLICATE_YAML_DICT_KEY EDITOR ENABLE_TASK_DEBUGGER
    ERROR_ON_MISSING_HANDLER FACTS_MODULES GALAXY_CACHE_DIR GALAXY_COLLECTIONS_PATH_WARNING
    GALAXY_COLLECTION_IMPORT_POLL_FACTOR GALAXY_COLLECTION_IMPORT_POLL_INTERVAL
    GALAXY_COLLECTION_SKELETON GALAXY_COLLECTION_SKELETON_IGNORE GALAXY_DISABLE_GPG_VERIFY
    GALAXY_DISPLAY_PROGRESS GALAXY_GPG_KEYRING GALAXY_IGNORE_CERTS
    GALAXY_IGNORE_INVALID_SIGNATURE_STATUS_CODES GALAXY_REQUIRED_VALID_SIGNATURE_COUNT
    GALAXY_ROLE_SKELETON GALAXY_ROLE_SKELETON_IGNORE GALAXY_SERVER GALAXY_SERVER_LIST
    GALAXY_SERVER_TIMEOUT GALAXY_TOKEN_PATH HOST_PATTERN_MISMATCH INJECT_FACTS_AS_VARS
    INTERPRETER_PYTHON INTERPRETER_PYTHON_FALLBACK INVALID_TASK_ATTRIBUTE_FAILED
    INVENTORY_ANY_UNPARSED_IS_FAILED INVENTORY_EXPORT INVENTORY_IGNORE_EXTS
    INVENTORY_IGNORE_PATTERNS INVENTORY_UNPARSED_IS_FAILED INVENTORY_UNPARSED_WARNING
    LOCALHOST_WARNING LOG_VERBOSITY MAX_FILE_SIZE_FOR_DIFF MODULE_IGNORE_EXTS
    MODULE_STRICT_UTF8_RESPONSE NETCONF_SSH_CONFIG NETWORK_GROUP_MODULES OLD_PLUGIN_CACHE_CLEARING
    PAGER PARAMIKO_HOST_KEY_AUTO_ADD PARAMIKO_LOOK_FOR_KEYS PERSISTENT_COMMAND_TIMEOUT
    PERSISTENT_CONNECT_RETRY_TIMEOUT PERSISTENT_CONNECT_TIMEOUT PERSISTENT_CONTROL_PATH_DIR
    PLAYBOOK_DIR PLAYBOOK_VARS_ROOT PLUGIN_FILTERS_CFG PYTHON_MODULE_RLIMIT_NOFILE
    RETRY_FILES_ENABLED RETRY_FILES_SAVE_PATH RUN_VARS_PLUGINS SHOW_CUSTOM_STATS SSH_AGENT
    SSH_AGENT_EXECUTABLE SSH_AGENT_KEY_LIFETIME STRING_TYPE_FILTERS SYSTEM_WARNINGS TAGS_RUN
    TAGS_SKIP TARGET_LOG_INFO TASK_DEBUGGER_IGNORE_ERRORS TASK_TIMEOUT
    TRANSFORM_INVALID_GROUP_CHARS USE_PERSISTENT_CONNECTIONS VALIDATE_ACTION_GROUP_METADATA
    VARIABLE_PLUGINS_ENABLED VARIABLE_PRECEDENCE VERBOSE_TO_STDERR WIN_ASYNC_STARTUP_TIMEOUT
    WORKER_SHUTDOWN_POLL_COUNT WORKER_SHUTDOWN_POLL_DELAY YAML_FILENAME_EXTENSIONS
    _ANSIBALLZ_COVERAGE_CONFIG _ANSIBALLZ_DEBUGPY_CONFIG _ANSIBALLZ_PYDEVD_CONFIG
    _ANSIBLE_CONNECTION_PATH _CALLBACK_DISPATCH_ERROR_BEHAVIOR _MODULE_METADATA
    _TEMPLAR_SANDBOX_MODE _TEMPLAR_UNKNOWN_TYPE_CONVERSION _TEMPLAR_UNKNOWN_TYPE_ENCOUNTERED
    _TEMPLAR_UNTRUSTED_TEMPLATE_BEHAVIOR
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
