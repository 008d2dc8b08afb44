package import Values

/// The settings of a run by Ansible's names of them: `DEFAULT_FORKS`.
package struct ConfiguredSettings: Sendable {
  package struct Setting: Sendable {
    package var value: Value
    /// `default`, the file's path, or `env: NAME`.
    package var origin: String

    package init(value: Value, origin: String) {
      self.value = value
      self.origin = origin
    }
  }

  package var known: [String: Setting]
  /// Names that Ansible knows and nothing here goes by.
  package var foreign: Set<String>

  package init(known: [String: Setting] = [:], foreign: Set<String> = []) {
    self.known = known
    self.foreign = foreign
  }
}
