internal import Execution

/// A run's numbers, a line a host, and one sentence.
struct Recap {
  var style: Style
  var verbosity: Int

  func render(_ summary: RunSummary) -> String {
    table(summary) + lost(summary) + sentence(summary)
  }

  private func table(_ summary: RunSummary) -> String {
    var columns: [(String, (HostRecap) -> Int, Style.Colour)] = [
      ("ok", \.ok, .green), ("changed", \.changed, .yellow), ("skipped", \.skipped, .dim),
      ("failed", \.failed, .red), ("unreachable", \.unreachable, .red),
    ]
    if summary.mode == .plan { columns.insert(("deferred", \.deferred, .cyan), at: 2) }
    if summary.hosts.contains(where: { $0.recap.ignored > 0 }) {
      columns.append(("ignored", \.ignored, .blue))
    }
    if summary.hosts.contains(where: { $0.recap.rescued > 0 }) {
      columns.append(("rescued", \.rescued, .blue))
    }
    if verbosity > 0 { columns.append(("round trips", \.roundTrips, .dim)) }
    let width = max(4, summary.hosts.map(\.name.count).max() ?? 4)
    var text = "\n" + "host".padded(to: width)
    for (name, _, _) in columns { text += "  \(name)" }
    text += "\n"
    for (host, recap) in summary.hosts {
      text += host.padded(to: width)
      for (name, count, colour) in columns {
        let number = String(count(recap))
        let cell = String(repeating: " ", count: max(0, name.count - number.count)) + number
        text += "  " + (count(recap) > 0 ? style.paint(cell, colour) : cell)
      }
      text += "\n"
    }
    return text
  }

  private func lost(_ summary: RunSummary) -> String {
    summary.lostHandlers.map { host, handler in
      style.paint("warning:", .yellow)
        + " \(host): handler \"\(handler)\" was notified, but the host failed before it ran\n"
    }.joined()
  }

  private func sentence(_ summary: RunSummary) -> String {
    let time = TaskRenderer.seconds(summary.duration)
    let satisfied = summary.hosts.reduce(0) { $0 + $1.recap.ok - $1.recap.changed }
    var text = "\n"
    switch summary.mode {
    case .plan:
      text +=
        "Plan: \(summary.changed) to change, \(summary.deferred) decided at apply, "
        + "\(satisfied) satisfied (\(time)). Nothing was changed.\n"
    case .apply:
      text += "Applied: \(summary.changed) changed, \(satisfied) satisfied (\(time)).\n"
    }
    if summary.isInterrupted { text += "Interrupted: what is above is all that was done.\n" }
    return text
  }
}

extension String {
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
