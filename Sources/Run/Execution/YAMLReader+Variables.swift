package import Diagnostics
package import Documents
package import OrderedCollections
internal import Planning
package import Templates
internal import Values

extension YAMLReader {
  /// A file's variables: a dictionary with names as keys.
  package func variables(
    in path: String
  ) throws(Diagnostics) -> OrderedDictionary<String, Expression> {
    let expression = try read(path)
    switch expression {
    case .literal(.null, _): return [:]
    case .dict(let entries, _):
      var variables: OrderedDictionary<String, Expression> = [:]
      for entry in entries {
        guard let name = entry.key.literalString else {
          throw Diagnostics(
            Diagnostic(.error, "a variable's name must be plain text", at: entry.key.range))
        }
        variables[name] = entry.value
      }
      return variables
    default:
      throw Diagnostics(
        Diagnostic(.error, "a file of variables must hold a dictionary", at: expression.range))
    }
  }
}
