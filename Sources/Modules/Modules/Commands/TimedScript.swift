package import Hosts
package import OrderedCollections
package import Values

/// A user's script in a subshell, with the host's times of its start and end after its output.
package struct TimedScript: Sendable {
  /// Begins the line with the times; what a command prints won't look like this by chance.
  private static let mark = "\u{1}orchestrate-times\u{1}"
  private static let folderMark = "\u{1}orchestrate-chdir\u{1}"

  package let text: String

  package init(_ script: String, in folder: String?) {
    let date = "$(date '+%s %N %Y-%m-%d %H:%M:%S')"
    let enter = folder.map {
      "cd -- \($0.tildeWord) || { printf '\\001orchestrate-chdir\\001\\n' >&2; exit 1; }\n"
    }
    text = """
      orchestrate_start=\(date)
      (
      \(enter ?? "")\(script)
      )
      orchestrate_status=$?
      printf '\\n\\001orchestrate-times\\001%s\\001%s\\n' "$orchestrate_start" "\(date)"
      exit $orchestrate_status
      """
  }

  /// Whether the folder couldn't be entered, so that nothing was run.
  package static func couldNotEnterFolder(_ output: CommandOutput) -> Bool {
    output.status != 0 && output.errorText.hasSuffix(folderMark + "\n")
  }

  /// The output without the times, and `start`, `end` and `delta` as Ansible writes them.
  package static func times(
    of output: CommandOutput
  ) -> (output: CommandOutput, times: OrderedDictionary<String, Value>) {
    var plain = output
    let nothing: OrderedDictionary<String, Value> = ["start": .null, "end": .null, "delta": .null]
    let mark = Array("\n\(mark)".utf8)
    guard let start = output.standardOutput.lastIndex(of: mark) else { return (plain, nothing) }
    plain.standardOutput = Array(output.standardOutput[..<start])
    let line = String(
      decoding: output.standardOutput[(start + mark.count)...], as: UTF8.self)
    let times = line.split(separator: "\u{1}").map { Instant(String($0)) }
    guard times.count == 2, let from = times[0], let to = times[1] else { return (plain, nothing) }
    return (
      plain,
      [
        "start": .string(from.text), "end": .string(to.text),
        "delta": .string(Instant.delta(to.microseconds - from.microseconds)),
      ]
    )
  }

  /// A moment as the host's `date` tells it.
  private struct Instant {
    var text: String
    var microseconds: Int

    init?(_ line: String) {
      let fields = line.split(whereSeparator: { $0 == " " || $0 == "\n" })
      guard fields.count >= 3, let seconds = Int(fields[0]) else { return nil }
      // A date without nanoseconds prints the format's letter.
      let fraction = fields.count > 3 ? Int(fields[1]).map { $0 / 1000 } ?? 0 : 0
      microseconds = seconds * 1_000_000 + fraction
      let digits = String(fraction)
      text =
        fields.suffix(2).joined(separator: " ") + "."
        + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    static func delta(_ microseconds: Int) -> String {
      let whole = max(0, microseconds)
      func padded(_ number: Int, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
      }
      let seconds = whole / 1_000_000
      let days = seconds / 86_400
      let prefix = days == 0 ? "" : days == 1 ? "1 day, " : "\(days) days, "
      return prefix + "\(seconds / 3600 % 24):\(padded(seconds / 60 % 60, 2)):"
        + "\(padded(seconds % 60, 2)).\(padded(whole % 1_000_000, 6))"
    }
  }
}

extension [UInt8] {
  /// Where `part` begins for the last time.
  fileprivate func lastIndex(of part: [UInt8]) -> Int? {
    guard count >= part.count else { return nil }
    return stride(from: count - part.count, through: 0, by: -1).first { start in
      part.indices.allSatisfy { self[start + $0] == part[$0] }
    }
  }
}

extension String {
  /// A shell word in which a leading `~` and `~user` are that user's home, as Ansible's paths have it.
  package var tildeWord: String {
    guard hasPrefix("~") else { return Shell.quote(self) }
    let user = dropFirst().prefix {
      $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0))
    }
    let rest = dropFirst(1 + user.count)
    if !rest.isEmpty, !rest.hasPrefix("/") { return Shell.quote(self) }
    return "~\(user)"
      + (rest.isEmpty ? "" : "/" + (rest.count > 1 ? Shell.quote(String(rest.dropFirst())) : ""))
  }

  /// A shell word in which `$NAME` and `${NAME}` are the host's variables, where it has them, and a
  /// leading `~` is a home: what Python's `expandvars` and `expanduser` make of an argument.
  package var expandedWord: String {
    var word = ""
    var plain = ""
    var rest = self[...]
    if hasPrefix("~"), rest.prefix(while: { $0 != "$" }).count == count { return tildeWord }
    while let dollar = rest.firstIndex(of: "$") {
      plain += rest[..<dollar]
      var name = rest[rest.index(after: dollar)...]
      let isBraced = name.first == "{"
      if isBraced { name = name.dropFirst() }
      let letters = name.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      let after = name[letters.endIndex...]
      let isName = letters.first.map { !$0.isNumber } ?? false
      guard isName, !isBraced || after.first == "}" else {
        plain.append("$")
        rest = rest[rest.index(after: dollar)...]
        continue
      }
      if !plain.isEmpty { word += Shell.quote(plain) }
      plain = ""
      let written = isBraced ? "\\${\(letters)\\}" : "\\$\(letters)"
      word += "\"${\(letters)-\(written)}\""
      rest = isBraced ? after.dropFirst() : after
    }
    plain += rest
    return plain.isEmpty && !word.isEmpty ? word : word + Shell.quote(plain)
  }
}
