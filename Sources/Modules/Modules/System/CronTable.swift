/// The lines of a crontab, in which each job of ours stands under a comment with its name.
package struct CronTable: Hashable, Sendable {
  package var lines: [String]

  /// Begins the comment above a job, as Ansible writes it.
  package static let mark = "#Ansible: "

  package init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
  }

  package var text: String { lines.map { $0 + "\n" }.joined() }

  /// The job under a name; nil where there is none.
  package func job(_ name: String) -> String? {
    guard let index = lines.firstIndex(of: Self.mark + name), index + 1 < lines.count else {
      return nil
    }
    return lines[index + 1]
  }

  /// With the job replaced, added at the end, or removed.
  package func setting(job name: String, to job: String?) -> CronTable {
    var table = self
    if let index = lines.firstIndex(of: Self.mark + name) {
      table.lines.removeSubrange(index..<min(index + 2, lines.count))
      if let job { table.lines.insert(contentsOf: [Self.mark + name, job], at: index) }
    } else if let job {
      table.lines += [Self.mark + name, job]
    }
    return table
  }

  /// With a variable replaced, added at the beginning, or removed.
  package func setting(variable name: String, to value: String?) -> CronTable {
    var table = self
    let index = lines.firstIndex { $0.hasPrefix(name + "=") }
    if let index { table.lines.remove(at: index) }
    if let value { table.lines.insert("\(name)=\"\(value)\"", at: index ?? 0) }
    return table
  }
}
