import Glibc

/// A program with its arguments that the lab runs on this machine.
struct LabCommand: Sendable, Equatable, CustomStringConvertible {
  /// The program and its arguments; the program is looked up in PATH.
  let arguments: [String]
  /// Variables set beside those of this process.
  var environment: [String: String] = [:]
  /// What the program reads on its standard input.
  var input = ""

  /// A command; nothing runs yet.
  init(_ arguments: [String], environment: [String: String] = [:], input: String = "") {
    self.arguments = arguments
    self.environment = environment
    self.input = input
  }

  /// The command as one would type it, without its input and environment, which may be secret.
  var description: String { arguments.joined(separator: " ") }

  /// How a program ended.
  struct Result: Sendable {
    /// The exit status, or 128 and the signal's number as a shell tells it.
    let status: Int32
    /// Standard output and standard error in the order of arrival.
    let output: String
    /// Whether the time-out ended it.
    let timedOut: Bool
  }

  /// Runs the program to its end and returns its output; throws if it fails.
  @discardableResult
  func run(timeout seconds: Int = 60) throws(LabError) -> String {
    let result = try attempt(timeout: seconds)
    guard result.status == 0 else {
      let end = result.timedOut ? "took longer than \(seconds) s" : "exit \(result.status)"
      let output = LabCommand.lastLines(of: result.output, 20)
      throw LabError(
        .commandFailed, "\(self): \(end)" + (output.isEmpty ? "" : "\n\(output)"))
    }
    return result.output
  }

  /// Runs the program to its end, whatever that is. `line` sees each whole line as it arrives.
  func attempt(
    timeout seconds: Int = 60, line: (String) -> Void = { _ in }
  ) throws(LabError) -> Result {
    let child = try LabChild(self)
    return child.wait(timeout: seconds, line: line)
  }

  /// The last lines of a log, for an error's message.
  static func lastLines(of text: String, _ count: Int) -> String {
    text.split(separator: "\n").suffix(count).joined(separator: "\n")
  }
}
