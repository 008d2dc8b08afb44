internal import Glibc
internal import OrderedCollections
internal import Values

/// Who is acting, in which environment, and what time it is there.
struct AccountFacts: Sendable {
  let sections: FactSections

  var facts: Facts {
    var facts = user
    facts["date_time"] = .object(dateTime)
    facts["env"] = .object(environment)
    return facts
  }

  private var user: Facts {
    let lines = sections.lines("user") + ["", "", "", ""]
    let fields =
      lines[3].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      + Array(repeating: "", count: 7)
    let uid = Int(lines[1]) ?? 0
    let gid = Int(lines[2]) ?? 0
    return [
      "user_id": .string(lines[0]), "user_uid": .int(uid), "user_gid": .int(Int(fields[3]) ?? gid),
      "user_gecos": .string(fields[4]), "user_dir": .string(fields[5]),
      "user_shell": .string(fields[6]), "real_user_id": .int(uid),
      "effective_user_id": .int(uid), "real_group_id": .int(gid),
      "effective_group_id": .int(gid),
    ]
  }

  private var dateTime: Facts {
    let words = FactSections.words(sections.first("date")) + Array(repeating: "", count: 9)
    let date = words[0].split(separator: "-").map(String.init) + ["", "", ""]
    let time = words[1].split(separator: ":").map(String.init) + ["", "", ""]
    // busybox has no `%N`.
    let nano = words[8].allSatisfy(\.isNumber) ? words[8] : ""
    let micro = nano.isEmpty ? "000000" : String(nano.prefix(6))
    let basic = words[0].replacing("-", with: "") + "T" + words[1].replacing(":", with: "")
    let moment = Self.universal(Int(words[2]) ?? 0)
    return [
      "year": .string(date[0]), "month": .string(date[1]), "day": .string(date[2]),
      "weekday": .string(words[5]), "weekday_number": .string(words[6]),
      "weeknumber": .string(words[7]), "hour": .string(time[0]), "minute": .string(time[1]),
      "second": .string(time[2]), "epoch": .string(words[2]), "epoch_int": .string(words[2]),
      "date": .string(words[0]), "time": .string(words[1]), "iso8601": .string(moment + "Z"),
      "iso8601_micro": .string("\(moment).\(micro)Z"),
      "iso8601_basic": .string(basic + micro), "iso8601_basic_short": .string(basic),
      "tz": .string(words[3]), "tz_dst": .string(words[3]), "tz_offset": .string(words[4]),
    ]
  }

  /// Seconds since 1970 as `YYYY-MM-DDTHH:MM:SS`, in UTC.
  private static func universal(_ seconds: Int) -> String {
    var seconds = time_t(seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", &parts)
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private var environment: Facts {
    var environment: Facts = [:]
    for line in sections.lines("env") {
      guard let split = line.firstIndex(of: "=") else { continue }
      let value = String(line[line.index(after: split)...])
      environment[String(line[..<split])] = .string(value.replacing("\u{1}", with: "\n"))
    }
    return environment
  }
}
