internal import Diagnostics
internal import Documents

extension Settings {
  /// Refuses settings that would change what playbooks mean, where they aren't at their default.
  func refuseUnsupported(_ reader: inout SettingsReader) {
    for (variable, key, allowed, help) in Self.onlyDefaults {
      guard let found = reader.text([variable], [key]) else { continue }
      if allowed.contains(found.value.lowercased()) { continue }
      reader.refuse(found, [key], "isn't supported with `\(found.value)`", help: help)
    }
  }

  private static let onlyDefaults: [(String, String, Set<String>, String)] = [
    (
      "ANSIBLE_ERROR_ON_UNDEFINED_VARS", "defaults.error_on_undefined_vars", yes,
      "undefined variables are always errors: use the filter `default`"
    ),
    (
      "ANSIBLE_PRIVATE_ROLE_VARS", "defaults.private_role_vars", no,
      "the variables of roles are seen in the whole play"
    ),
    (
      "ANSIBLE_JINJA2_EXTENSIONS", "defaults.jinja2_extensions", ["", "[]"],
      "Jinja2's extensions aren't there"
    ),
  ]

  private static let yes: Set<String> = ["true", "yes", "on", "1", "y", "t"]
  private static let no: Set<String> = ["false", "no", "off", "0", "n", "f"]

  /// Warns of settings that nobody here knows and that aren't known to make no difference.
  mutating func warnUnknown(_ reader: SettingsReader) {
    let known = reader.known.union(Self.harmless)
    for group in reader.document?.sections ?? [] {
      let section = group.name
      if Self.harmlessSections.contains(section) { continue }
      for entry in group.entries where !known.contains("\(section).\(entry.key.content)") {
        let names = known.filter { $0.hasPrefix(section + ".") }
          .map { String($0.dropFirst(section.count + 1)) }
        warnings.append(
          Diagnostic(
            .warning, "the setting `\(entry.key.content)` of `[\(section)]` isn't known here",
            at: entry.key.range,
            help: Suggestion.didYouMean(entry.key.content, in: names)
              ?? "it makes no difference; remove it if orchestrate alone reads this file"))
      }
    }
    for name in reader.environment.keys.sorted() where name.hasPrefix("ANSIBLE_") {
      if reader.knownVariables.contains(name) || Self.harmlessVariables.contains(name) { continue }
      warnings.append(
        Diagnostic(
          .warning, "the environment variable \(name) isn't known here",
          help: Suggestion.didYouMean(name, in: reader.knownVariables.sorted())
            ?? "it makes no difference"))
    }
  }

  /// Sections of plugins that there is no need for.
  private static let harmlessSections: Set<String> = [
    "persistent_connection", "colors", "selinux", "galaxy", "paramiko_connection", "inventory",
    "callback_profile_tasks", "callback_timer", "tags",
  ]

  /// Settings that mean nothing here and whose lack changes nothing on hosts.
  private static let harmless: Set<String> = {
    let defaults = [
      "stdout_callback", "callbacks_enabled", "callback_whitelist", "callback_result_format",
      "result_format", "bin_ansible_callbacks", "interpreter_python", "deprecation_warnings",
      "system_warnings", "command_warnings", "localhost_warning", "action_warnings",
      "retry_files_enabled", "retry_files_save_path", "nocows", "cow_selection", "cowpath",
      "display_skipped_hosts", "display_ok_hosts", "display_args_to_stdout",
      "show_custom_stats", "check_mode_markers", "show_per_host_start", "max_diff_size",
      "module_name", "module_lang", "module_set_locale", "local_tmp", "keep_remote_files",
      "poll_interval", "internal_poll_interval", "fact_caching", "fact_caching_connection",
      "fact_caching_timeout", "fact_caching_prefix", "gather_timeout", "ansible_home",
      "collections_path", "collections_paths", "collections_scan_sys_path", "library",
      "module_utils", "action_plugins", "filter_plugins", "test_plugins", "lookup_plugins",
      "callback_plugins", "connection_plugins", "cache_plugins", "vars_plugins", "strategy_plugins",
      "become_plugins", "cliconf_plugins", "terminal_plugins", "netconf_plugins", "log_filter",
      "pipelining", "force_valid_group_names", "duplicate_dict_key",
      "inject_facts_as_vars", "allow_world_readable_tmpfiles", "use_persistent_connections",
      "connection_facts_modules", "executable", "syslog_facility", "nocolor", "force_color",
    ]
    let connection = [
      "pipelining", "control_path", "control_path_dir", "transfer_method", "scp_if_ssh",
      "sftp_batch_mode", "ssh_executable", "scp_executable", "sftp_executable", "usetty",
      "reconnection_retries", "scp_extra_args", "sftp_extra_args", "control_master",
      "control_persist",
    ]
    return Set(defaults.map { "defaults." + $0 } + connection.map { "ssh_connection." + $0 })
      .union([
        "connection.pipelining", "diff.context", "privilege_escalation.agnostic_become_prompt",
      ])
  }()

  private static let harmlessVariables: Set<String> = [
    "ANSIBLE_CONFIG", "ANSIBLE_HOME", "ANSIBLE_STDOUT_CALLBACK", "ANSIBLE_CALLBACKS_ENABLED",
    "ANSIBLE_CALLBACK_RESULT_FORMAT", "ANSIBLE_FORCE_COLOR", "ANSIBLE_PIPELINING",
    "ANSIBLE_SSH_PIPELINING", "ANSIBLE_PYTHON_INTERPRETER", "ANSIBLE_DEPRECATION_WARNINGS",
    "ANSIBLE_SYSTEM_WARNINGS", "ANSIBLE_LOCALHOST_WARNING", "ANSIBLE_INVENTORY_UNPARSED_WARNING",
    "ANSIBLE_RETRY_FILES_ENABLED", "ANSIBLE_NOCOWS", "ANSIBLE_DISPLAY_SKIPPED_HOSTS",
    "ANSIBLE_LOCAL_TEMP", "ANSIBLE_COLLECTIONS_PATH", "ANSIBLE_COLLECTIONS_PATHS",
    "ANSIBLE_LIBRARY", "ANSIBLE_SSH_CONTROL_PATH", "ANSIBLE_SSH_CONTROL_PATH_DIR",
    "ANSIBLE_CACHE_PLUGIN", "ANSIBLE_CACHE_PLUGIN_CONNECTION",
    "ANSIBLE_SSH_TRANSFER_METHOD", "ANSIBLE_SCP_IF_SSH",
  ]
}
