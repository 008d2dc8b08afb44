internal import Diagnostics
internal import Values

/// `lookup('config', …)`: what settings are in force.
enum ConfigLookup {
  static let all = [
    Lookup("config") { (call) throws(TemplateError) in
      let plugin = (call.text("plugin_type"), call.text("plugin_name"))
      if (plugin.0 == nil) != (plugin.1 == nil) {
        throw TemplateError(
          .other,
          "Both plugin_type and plugin_name are required, cannot use one without the other.")
      }
      if plugin.0 != nil {
        throw TemplateError(
          .other, "the lookup `config` knows no settings of plugins",
          help: "ask for the variable, such as `ansible_user`, with a default")
      }
      let missing = try Missing(call)
      let showsOrigin = call.flag("show_origin", default: false)
      let settings = call.resources.settings
      var values: [Value] = []
      for term in call.terms {
        guard case .string(let name) = term.unmarked() else {
          let shown = PythonText.str(term.unmarkedDeeply())
          throw TemplateError(
            .type,
            "Invalid setting identifier, \(shown) is not a <class 'str'>, its a "
              + "<class '\(term.pythonTypeName)'>.")
        }
        if let setting = settings.known[name] {
          values.append(
            showsOrigin ? .list([setting.value, .string(setting.origin)]) : setting.value)
        } else {
          try missing.handle(name, settings, call)
        }
      }
      return values
    }
  ]

  /// What becomes of a setting that Ansible doesn't know: `on_missing`.
  private enum Missing: String {
    case error, warn, skip

    init(_ call: LookupCall) throws(TemplateError) {
      let word = call.text("on_missing") ?? "error"
      guard let known = Missing(rawValue: word) else {
        throw TemplateError(
          .other,
          "Invalid value \(PythonText.repr(word)) for config 'on_missing' for 'config' lookup plugin.",
          help: "use error, warn or skip")
      }
      self = known
    }

    func handle(
      _ name: String, _ settings: ConfiguredSettings, _ call: LookupCall
    ) throws(TemplateError) {
      if settings.foreign.contains(name) {
        throw TemplateError(
          .other, "the setting \(name) is Ansible's alone: nothing here goes by it",
          help: "known are: " + settings.known.keys.sorted().joined(separator: ", "))
      }
      let message = "No config definition exists for '\(name)'."
      switch self {
      case .error:
        throw TemplateError(
          .other, message, help: Suggestion.didYouMean(name, in: settings.known.keys))
      case .warn:
        call.evaluator.session.warn?(Diagnostic(.warning, "Skipping \(name): \(message)"))
      case .skip: break
      }
    }
  }
}
