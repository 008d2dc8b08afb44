internal import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// A change as text that case files hold: what a plan would show, and a little more.
package struct ChangePrinter: Sendable {
  package init() {}

  /// One line for each difference, action and result, each kind with its own mark.
  package func print(_ change: Change) -> String {
    var lines: [String] = []
    if let failure = change.failure { lines.append("! \(failure)") }
    if let waiting = change.waitsFor { lines.append("… \(waiting)") }
    if change.isSatisfied { lines.append("satisfied") }
    if !change.reason.isEmpty { lines.append("because \(change.reason)") }
    for difference in change.differences { lines += print(difference) }
    for action in change.actions { lines.append("> " + print(action)) }
    for effect in change.effects { lines.append("* " + print(effect)) }
    if !change.unknownResults.isEmpty {
      lines.append("? " + change.unknownResults.joined(separator: ", "))
    }
    if change.isOpaque { lines.append("opaque") }
    if !change.counts { lines.append("doesn't count") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func print(_ difference: Difference) -> [String] {
    if difference.isSecret { return ["~ \(difference.label) (secret)"] }
    switch difference.kind {
    case .attribute(let before, let after):
      return ["~ \(difference.label) \(before) -> \(after)"]
    case .text(let before, let after):
      var lines = [
        "~ \(difference.label)" + (before == nil ? " (new)" : after == nil ? " (gone)" : "")
      ]
      let old = before?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
      let new = after?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
      for change in new.difference(from: old) {
        switch change {
        case .remove(_, let line, _): lines.append("  -\(line)")
        case .insert(_, let line, _) where !(line.isEmpty && before == nil):
          lines.append("  +\(line)")
        case .insert: break
        }
      }
      return lines
    }
  }

  private func print(_ action: Action) -> String {
    var text = action.summary
    if let host = action.host { text += " on \(host)" }
    switch action.operation {
    case .write(let write):
      text += print(write.attributes)
      if write.keepsBackup { text += " backup" }
      if let validate = write.validate { text += " validate=\(validate)" }
      if write.isSecret { text += " secret" }
    case .setAttributes(_, let attributes, let isRecursive):
      text += print(attributes) + (isRecursive ? " recursively" : "")
    case .makeFolder(_, let attributes): text += print(attributes)
    case .run, .remove, .makeLink, .download: break
    }
    return text
  }

  private func print(_ attributes: FileAttributes) -> String {
    var text = ""
    if let owner = attributes.owner { text += " owner=\(owner)" }
    if let group = attributes.group { text += " group=\(group)" }
    if let mode = attributes.mode { text += " mode=\(String(mode, radix: 8))" }
    return text
  }

  private func print(_ effect: Effect) -> String {
    switch effect {
    case .variables(let variables, let isCacheable):
      "variables \(Value.object(variables))" + (isCacheable ? " cacheable" : "")
    case .facts(let facts): "facts \(facts.keys.joined(separator: " "))"
    case .addHost(let name, let groups, let variables):
      "add host \(name) to \(groups.joined(separator: ",")) with \(Value.object(variables))"
    case .groupBy(let key, let parents): "group by \(key) under \(parents.joined(separator: ","))"
    case .saveFile(let path, let content): "save \(content.count) bytes to \(path)"
    case .meta(let name): "meta \(name)"
    case .message(let text): "message \(text)"
    }
  }
}
