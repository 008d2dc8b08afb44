import Diagnostics
import Documents
import Execution
import OrderedCollections
import Templates
import Values
import Variables

/// `-e`: variables of the command line, which win over all others.
enum ExtraVariables {
  /// The layer of all `-e`, the later over the earlier; nil without any.
  ///
  /// - Parameter merges: whether dictionaries are merged, key by key (`hash_behaviour`).
  static func layer(
    _ arguments: [String], reader: YAMLReader, merges: Bool = false
  ) throws(Diagnostics) -> VariableLayer? {
    guard !arguments.isEmpty else { return nil }
    return VariableLayer(
      .extra, try written(arguments, reader: reader, merges: merges), at: .synthesized("-e"))
  }

  /// What all `-e` define, the later over the earlier.
  static func written(
    _ arguments: [String], reader: YAMLReader, merges: Bool = false
  ) throws(Diagnostics) -> OrderedDictionary<String, Expression> {
    var all: OrderedDictionary<String, Expression> = [:]
    for argument in arguments {
      for (name, expression) in try variables(argument, reader: reader) {
        if merges, let before = all[name] {
          all[name] = expression.merged(over: before)
        } else {
          all[name] = expression
        }
      }
    }
    return all
  }

  private static func variables(
    _ argument: String, reader: YAMLReader
  ) throws(Diagnostics) -> OrderedDictionary<String, Expression> {
    if argument.hasPrefix("@") { return try reader.variables(in: String(argument.dropFirst())) }
    if argument.hasPrefix("{") || argument.hasPrefix("[") {
      let expression = try reader.read(path: "<-e>", text: argument)
      guard case .dict(let entries, _) = expression else {
        throw Diagnostics(
          Diagnostic(.error, "`-e` must be a dictionary", at: expression.range))
      }
      return OrderedDictionary(
        entries.map { ($0.key.literalName, $0.value) }, uniquingKeysWith: { $1 })
    }
    return try pairs(argument)
  }

  /// `key=value …`; values are text, as Ansible has it.
  private static func pairs(
    _ argument: String
  ) throws(Diagnostics) -> OrderedDictionary<String, Expression> {
    let file = SourceFile(path: "<-e>", text: argument)
    let words: [ShellWords.Word]
    do throws(ShellWords.Problem) { words = try ShellWords.split(argument) } catch {
      throw Diagnostics(
        Diagnostic(
          .error, "a quote isn't closed", at: SourceRange(file: file, line: 1, column: 1)))
    }
    var variables: OrderedDictionary<String, Expression> = [:]
    for word in words {
      let range = SourceRange(file: file, line: 1, column: word.column)
      guard let sign = word.text.firstIndex(of: "="), sign > word.text.startIndex else {
        throw Diagnostics(
          Diagnostic(
            .error, "`\(word.text)` isn't `key=value`", at: range,
            help: "give key=value, YAML or JSON in braces, or @file"))
      }
      let value = String(word.text[word.text.index(after: sign)...])
      variables[String(word.text[..<sign])] = Expression(text: value, at: range)
    }
    return variables
  }
}

extension Expression {
  fileprivate var literalName: String {
    guard case .literal(let value, _) = self else { return "" }
    return value.description
  }
}
