internal import Diagnostics
internal import Templates
internal import Values

/// The keywords that only plays have.
extension PlaybookReading {
  /// `serial:`: a number, a percentage or a template.
  func batchSize(_ value: Expression) -> Expression? {
    if let text = plainText(value), text.hasSuffix("%"), Double(text.dropLast()) != nil {
      return .literal(.string(text), value.range)
    }
    return numberExpression(value, "`serial`")
  }

  /// `strategy:`; others than ours are refused by name.
  func strategy(_ value: Expression) -> String? {
    guard let name = text(value, "`strategy`").map(ModuleCatalog.shortName) else { return nil }
    let known = ["linear", "free", "host_pinned", "graph"]
    if known.contains(name) { return name }
    report(
      "the strategy `\(name)` isn't supported", at: value.range,
      help: Suggestion.didYouMean(name, in: known)
        ?? "use linear, free, host_pinned or graph")
    return nil
  }

  /// `order:` of the hosts.
  func order(_ value: Expression) -> String? {
    guard let name = text(value, "`order`") else { return nil }
    let known = ["inventory", "reverse_inventory", "sorted", "reverse_sorted", "shuffle"]
    if known.contains(name) { return name }
    report(
      "unknown order `\(name)`", at: value.range,
      help: Suggestion.didYouMean(name, in: known) ?? "use \(known.joined(separator: ", "))")
    return nil
  }

  /// `id:`, a name that `needs:` can use.
  func identifier(_ value: Expression) -> String? {
    guard let name = text(value, "`id`") else { return nil }
    if name.isEmpty { report("`id` is empty", at: value.range, help: "write a name") }
    return name
  }

  /// `needs:`, a name or a list of names.
  func needs(_ value: Expression) -> [Located<String>] {
    oneOrMore(value).compactMap { item in
      text(item, "`needs`").map { Located($0, at: item.range) }
    }
  }

  /// `vars_files:`: names, or lists of which the first file found counts.
  func variableFiles(_ value: Expression, context: TaskContext) -> [Expression] {
    let files = oneOrMore(value)
    for file in files {
      check(file)
      switch file {
      case .dict, .literal(.null, _):
        report(
          "a file of `vars_files` must be text, not \(kind(of: file))", at: file.range,
          help: "write the file's name")
      case .literal:
        guard let name = plainText(file) else { continue }
        let places = [name, "vars/" + name].map { FilePath.join(context.folder, $0) }
        if !places.contains(where: self.files.isFile) {
          report(
            "no variables file `\(name)`", at: file.range,
            help: "looked for \(places.joined(separator: ", "))")
        }
      default: break
      }
    }
    return files
  }

  /// `vars_prompt:`.
  func variablePrompts(_ value: Expression) -> [VariablePrompt] {
    (items(value, "`vars_prompt`") ?? []).compactMap { item in
      guard let mapping = mapping(item, "an entry of `vars_prompt`") else { return nil }
      return variablePrompt(mapping)
    }
  }

  private func variablePrompt(_ mapping: Mapping) -> VariablePrompt? {
    guard let nameEntry = mapping["name"] else {
      report(
        "an entry of `vars_prompt` must have a `name`", at: mapping.place,
        help: "add `name:` with the variable's name")
      return nil
    }
    let name = variableName(nameEntry.value, "the variable")
    var prompt = VariablePrompt(name: name ?? "", prompt: name ?? "", at: mapping.place)
    for entry in mapping.entries where entry.key != "name" {
      let what = "`\(entry.key)`"
      switch entry.key {
      case "prompt": prompt.prompt = text(entry.value, what) ?? ""
      case "default":
        check(entry.value)
        prompt.defaultValue = entry.value
      case "private": prompt.isPrivate = boolean(entry.value, what) ?? true
      case "confirm": prompt.isConfirmed = boolean(entry.value, what) ?? false
      case "encrypt", "salt_size", "salt", "unsafe":
        report("\(what) of `vars_prompt` isn't supported", at: entry.keyRange, help: "take it out")
      default:
        report(
          "unknown key \(what) of `vars_prompt`", at: entry.keyRange,
          help: Suggestion.didYouMean(
            entry.key, in: ["name", "prompt", "default", "private", "confirm"]))
      }
    }
    return name == nil ? nil : prompt
  }
}
