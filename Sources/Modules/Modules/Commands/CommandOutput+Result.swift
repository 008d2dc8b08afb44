package import Hosts
package import OrderedCollections
package import Values

extension CommandOutput {
  /// `rc`, `stdout`, `stderr` and their lines, as `register` gets them.
  ///
  /// - Parameter stripsEnds: Whether line ends at the end of the texts are left out.
  package func result(stripsEnds: Bool) -> OrderedDictionary<String, Value> {
    let out = stripsEnds ? text.withoutFinalNewlines : text
    let err = stripsEnds ? errorText.withoutFinalNewlines : errorText
    return [
      "rc": .int(Int(status)),
      "stdout": .string(out), "stdout_lines": .strings(out.pythonLines),
      "stderr": .string(err), "stderr_lines": .strings(err.pythonLines),
    ]
  }

  /// The first line of what went wrong, for a message.
  package var complaint: String {
    let said = errorText.withoutFinalNewlines.isEmpty ? text : errorText
    return said.withoutFinalNewlines
  }
}

extension String {
  /// Without line ends at its end, as Python's `rstrip("\r\n")`.
  package var withoutFinalNewlines: String {
    String(decoding: utf8.reversed().drop { $0 == 10 || $0 == 13 }.reversed(), as: UTF8.self)
  }

  /// Without white space at both ends.
  package var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// The lines, as Python's `splitlines()` makes them.
  package var pythonLines: [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var last: Unicode.Scalar?
    for scalar in unicodeScalars {
      switch scalar.value {
      case 10 where last == "\r": break
      case 10, 11, 12, 13, 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
        lines.append(String(line))
        line = String.UnicodeScalarView()
      default: line.append(scalar)
      }
      last = scalar
    }
    if !line.isEmpty { lines.append(String(line)) }
    return lines
  }
}
