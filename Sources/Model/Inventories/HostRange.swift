internal import Diagnostics

/// Host names with ranges in them: `web[01:20]`, `db-[a:c].example`, `x[1:9:2]`.
enum HostRange {
  /// What is wrong with a range.
  struct Problem: Error {
    var message: String
    var help: String
  }

  /// How many hosts anybody can mean. A fuzzer, which is slow and tries ranges all the time, gets
  /// fewer.
  #if FUZZING
    static let limit = 1000
  #else
    static let limit = 100_000
  #endif

  /// All names that a name with ranges stands for; itself where it has none.
  static func expand(_ pattern: Substring) throws(Problem) -> [String] {
    guard pattern.utf8.contains(UInt8(ascii: "[")) else { return [String(pattern)] }
    var all = [""]
    var rest = pattern
    while let open = rest.firstIndex(of: "[") {
      guard let close = rest[open...].firstIndex(of: "]") else {
        throw Problem(message: "`[` without `]` in `\(pattern)`", help: "write a range as `[1:20]`")
      }
      let numbers = try names(rest[rest.index(after: open)..<close])
      guard numbers.count * all.count <= limit else {
        throw Problem(message: "`\(pattern)` stands for too many hosts", help: "correct its ranges")
      }
      let before = rest[..<open]
      all = all.flatMap { start in numbers.map { start + before + $0 } }
      rest = rest[rest.index(after: close)...]
    }
    return rest.isEmpty ? all : all.map { $0 + rest }
  }

  /// The same; what is wrong with a range is an error at its place.
  static func expand(
    _ pattern: Substring, at range: SourceRange
  ) throws(Diagnostics) -> [String] {
    do throws(Problem) { return try expand(pattern) } catch {
      throw Diagnostics(Diagnostic(.error, error.message, at: range, help: error.help))
    }
  }

  private static func names(_ range: Substring) throws(Problem) -> [String] {
    let parts = range.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, !parts[1].isEmpty else {
      throw Problem(
        message: "`[\(range)]` isn't a range", help: "write `[1:20]`, `[01:20]` or `[a:f]`")
    }
    guard let step = parts.count == 3 ? Int(parts[2]) : 1, step > 0 else {
      throw Problem(
        message: "the step of `[\(range)]` must be a number above 0", help: "write `[1:9:2]`")
    }
    let start = parts[0].isEmpty ? "0" : parts[0]
    if let from = letters.firstIndex(of: start), let to = letters.firstIndex(of: parts[1]) {
      return try stride(from, to, by: step, in: range).map { String(letters[$0]) }
    }
    guard let from = Int(start), let to = Int(parts[1]), from >= 0 else {
      throw Problem(
        message: "`[\(range)]` isn't a range", help: "write two numbers, or two single letters")
    }
    guard start.first == "0", start.count > 1 else {
      return try stride(from, to, by: step, in: range).map { String($0) }
    }
    guard start.count == parts[1].count else {
      throw Problem(
        message: "both ends of `[\(range)]` must have the same number of digits",
        help: "write `[001:100]`")
    }
    return try stride(from, to, by: step, in: range).map { number in
      let digits = String(number)
      return String(repeating: "0", count: max(0, start.count - digits.count)) + digits
    }
  }

  /// `a` to `z`, then `A` to `Z`.
  private static let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".map {
    Substring(String($0))
  }

  private static func stride(
    _ from: Int, _ to: Int, by step: Int, in range: Substring
  ) throws(Problem) -> [Int] {
    guard from <= to else {
      throw Problem(
        message: "`[\(range)]` ends before it begins", help: "write the smaller end first")
    }
    guard (to - from) / step < limit else {
      throw Problem(message: "`[\(range)]` stands for too many hosts", help: "correct its end")
    }
    return Array(Swift.stride(from: from, through: to, by: step))
  }
}
