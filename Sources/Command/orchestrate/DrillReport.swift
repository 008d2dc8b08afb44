import Inspection
import OrderedCollections
import Values

/// What came of a drill.
struct DrillReport {
  var drill: Drill
  var samples: [ProbeSample]
  var events: [DrillTimeline.Event]
  /// When the failure was made, in milliseconds since 1970.
  var began: Int
  var isRestored: Bool
  /// At the end; nil where it wasn't looked at.
  var health: ClusterHealth?

  var isWell: Bool { isRestored && health?.isHealthy == true }

  var outages: [Outage] { Outage.outages(in: samples) }

  /// The longest outage, in seconds.
  var longest: Double { lengths.max() ?? 0 }

  private var lengths: [Double] {
    let last = samples.last?.end ?? began
    return outages.map { Double($0.length(until: last)) / 1000 }
  }

  /// The timeline, in seconds from the failure, with the API's outages between the events.
  var text: String {
    var all = events
    for (outage, length) in zip(outages, lengths) {
      all.append(DrillTimeline.Event(time: outage.start, text: "the API doesn't answer"))
      if let end = outage.end {
        all.append(
          DrillTimeline.Event(
            time: end, text: "the API answers again, after \(Self.seconds(length))"))
      }
    }
    all.sort { $0.time < $1.time }
    var text = ""
    for event in all {
      let time = Self.seconds(Double(event.time - began) / 1000)
      text += "  \(String(repeating: " ", count: max(0, 9 - time.count)))\(time)  \(event.text)\n"
    }
    let failures = samples.count { !$0.isAnswered }
    text += "  longest outage \(Self.seconds(longest)); \(failures) of \(samples.count) requests"
    return text + " failed\n"
  }

  var value: Value {
    var fields: OrderedDictionary<String, Value> = [
      "drill": .string(drill.kind.rawValue), "host": .string(drill.host),
      "summary": .string(drill.summary), "requests": .int(samples.count),
      "failed": .int(samples.count { !$0.isAnswered }), "longest_outage": .float(longest),
      "restored": .bool(isRestored), "healthy": .bool(isWell),
    ]
    fields["outages"] = .list(
      zip(outages, lengths).map { outage, length in
        [
          "start": .float(Double(outage.start - began) / 1000), "seconds": .float(length),
          "failures": .int(outage.failures),
        ]
      })
    fields["events"] = .list(
      events.map {
        ["seconds": .float(Double($0.time - began) / 1000), "text": .string($0.text)]
      })
    return .object(fields)
  }

  /// With two decimals, as `1.04 s`.
  static func seconds(_ seconds: Double) -> String {
    let hundredths = Int((abs(seconds) * 100).rounded())
    let rest = hundredths % 100
    return "\(seconds < 0 ? "-" : "")\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }
}
