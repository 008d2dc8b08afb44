internal import OrderedCollections
package import Values

/// Writes YAML as PyYAML's `dump` with Ansible's settings.
package struct YAMLWriter {
  /// Which collections stand in brackets.
  enum Flow {
    case never
    /// Those that hold no other.
    case leaves
    case always
  }

  var indent = 2
  var width = 80
  var sortsKeys = true
  var flow = Flow.never
  /// Whether `{"__ansible_vault": text}` is written as `!vault` text.
  package var writesVaults = false

  package init() {}

  /// The document, ended by a newline.
  package func text(_ value: Value, explicitStart: Bool = false) -> String {
    let start = explicitStart ? "---" : ""
    switch value {
    case .list(let items) where !items.isEmpty && !isFlow(value):
      return (explicitStart ? "---\n" : "") + lines(items, 0).joined(separator: "\n") + "\n"
    case .dict(let dict) where !dict.isEmpty && !isFlow(value):
      return (explicitStart ? "---\n" : "") + lines(dict, 0).joined(separator: "\n") + "\n"
    case .list, .dict: return start + (explicitStart ? " " : "") + flowText(value) + "\n"
    default:
      let text = scalar(value, depth: 0, column: 0)
      return start + (explicitStart ? " " : "") + text + "\n"
    }
  }

  private func isFlow(_ value: Value) -> Bool {
    switch (flow, value) {
    case (.always, _): return true
    case (.never, _): return false
    case (.leaves, .list(let items)): return !items.contains(where: Self.isCollection)
    case (.leaves, .dict(let dict)): return !dict.values.contains(where: Self.isCollection)
    default: return false
    }
  }

  private static func isCollection(_ value: Value) -> Bool {
    switch value {
    case .list, .dict: true
    default: false
    }
  }

  private func sorted(_ dict: Value.Dictionary) -> [(key: Value, value: Value)] {
    let entries = dict.map { (key: $0.key, value: $0.value) }
    guard sortsKeys else { return entries }
    return (try? Comparison.sorted(Array(dict.keys)) { $0 }.map { ($0, dict[$0] ?? .null) })
      ?? entries
  }

  private func lines(_ dict: Value.Dictionary, _ depth: Int) -> [String] {
    var lines: [String] = []
    let margin = String(repeating: " ", count: depth)
    for (key, value) in sorted(dict) {
      let name = margin + scalar(key, depth: depth, column: depth, isKey: true) + ":"
      switch value {
      case .list(let items) where !items.isEmpty && !isFlow(value):
        lines.append(name)
        // PyYAML doesn't indent lists inside of dictionaries.
        lines += self.lines(items, depth)
      case .dict(let inner) where writesVaults && inner.keys.elementsEqual(["__ansible_vault"]):
        let margin = String(repeating: " ", count: depth + indent)
        lines.append(name + " !vault |")
        lines += inner.values[0].description.split(separator: "\n").map { margin + $0 }
      case .dict(let inner) where !inner.isEmpty && !isFlow(value):
        lines.append(name)
        lines += self.lines(inner, depth + indent)
      case .list, .dict: lines.append(name + " " + flowText(value))
      default:
        lines.append(name + " " + scalar(value, depth: depth, column: name.count + 1))
      }
    }
    return lines
  }

  private func lines(_ items: [Value], _ depth: Int) -> [String] {
    var lines: [String] = []
    let margin = String(repeating: " ", count: depth)
    let marker = "-" + String(repeating: " ", count: max(1, indent - 1))
    for item in items {
      var inner: [String]
      switch item {
      case .list(let items) where !items.isEmpty && !isFlow(item):
        inner = self.lines(items, depth + indent)
      case .dict(let dict) where !dict.isEmpty && !isFlow(item):
        inner = self.lines(dict, depth + indent)
      case .list, .dict:
        lines.append(margin + "- " + flowText(item))
        continue
      default:
        lines.append(margin + "- " + scalar(item, depth: depth, column: depth + 2))
        continue
      }
      inner[0] = margin + marker + inner[0].dropFirst(depth + indent)
      lines += inner
    }
    return lines
  }

  private func flowText(_ value: Value) -> String {
    switch value {
    case .list(let items): return "[" + items.map(flowText).joined(separator: ", ") + "]"
    case .dict(let dict):
      return "{"
        + sorted(dict).map {
          scalar($0.key, depth: 0, column: 0, isKey: true, inFlow: true) + ": " + flowText($0.value)
        }.joined(separator: ", ") + "}"
    default: return scalar(value, depth: 0, column: 0, isKey: true, inFlow: true)
    }
  }

  private func scalar(
    _ value: Value, depth: Int, column: Int, isKey: Bool = false, inFlow: Bool = false
  ) -> String {
    switch value {
    case .null: return "null"
    case .bool(let flag): return flag ? "true" : "false"
    case .float(let number):
      if number.isNaN { return ".nan" }
      if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
      let text = number.pythonDescription
      // YAML 1.1 takes `1e+16` for text.
      if let mark = text.firstIndex(of: "e"), !text.contains(".") {
        return text[..<mark] + ".0" + text[mark...]
      }
      return text
    case .string(let text):
      return YAMLScalar(text, isKey: isKey, inFlow: inFlow)
        .text(depth: depth + indent, column: column, width: width)
    default: return PythonText.str(value)
    }
  }
}
