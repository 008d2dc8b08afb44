package import Templates
package import Values

/// What is the same for all plays and hosts of a run, and has names in every template.
package struct RunContext: Sendable {
  package var playbookFolder: String
  /// The folder that relative paths of the inventory start from.
  package var workingFolder: String
  package var isCheckMode = false
  package var isDiffMode = false
  /// `--limit`; nil where none is given.
  package var limit: String?
  package var tags: [String] = ["all"]
  package var skippedTags: [String] = []
  package var forks = 5
  package var verbosity = 0
  /// The `ansible.cfg` in use; nil where there is none.
  package var configurationFile: String?
  /// What `lookup('config', …)` knows.
  package var settings = ConfiguredSettings()
  /// Whether dictionaries of several levels are merged, key by key (`hash_behaviour`), or the
  /// strongest replaces the others.
  package var mergesDictionaries = false
  /// The Python of this machine, for playbooks that run one here: orchestrate itself has none.
  package var python = "/usr/bin/python3"
  /// `-e`: they override everything but magic variables.
  package var extra: VariableLayer?

  package init(playbookFolder: String, workingFolder: String) {
    self.playbookFolder = playbookFolder
    self.workingFolder = workingFolder
  }

  /// A path from the root, without `.` and `..`, as Ansible tells paths.
  package func absolute(_ path: String) -> String {
    let whole = path.hasPrefix("/") ? path : workingFolder + "/" + path
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The version of Ansible whose language this is: what playbooks compare `ansible_version` with.
  package static let ansibleVersion: Value = [
    "string": "2.19.14", "full": "2.19.14", "major": 2, "minor": 19, "revision": 14,
  ]

  /// The magic variables that it gives.
  func magic(_ name: String) -> Value? {
    switch name {
    case "playbook_dir": .string(playbookFolder)
    case "ansible_check_mode": .bool(isCheckMode)
    case "ansible_diff_mode": .bool(isDiffMode)
    case "ansible_limit": limit.map { .string($0) }
    case "ansible_run_tags": .strings(tags)
    case "ansible_skip_tags": .strings(skippedTags)
    case "ansible_forks": .int(forks)
    case "ansible_verbosity": .int(verbosity)
    case "ansible_version": Self.ansibleVersion
    case "ansible_config_file": configurationFile.map { .string($0) } ?? .null
    case "ansible_playbook_python": .string(python)
    default: nil
    }
  }

  static let names = [
    "playbook_dir", "ansible_check_mode", "ansible_diff_mode", "ansible_limit", "ansible_run_tags",
    "ansible_skip_tags", "ansible_forks", "ansible_verbosity", "ansible_version",
    "ansible_config_file", "ansible_playbook_python",
  ]
}
