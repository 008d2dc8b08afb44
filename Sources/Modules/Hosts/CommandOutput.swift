/// What a command said, and how it ended.
package struct CommandOutput: Hashable, Sendable {
  /// The exit status; 128 plus the signal's number where a signal ended it.
  package var status: Int32
  package var standardOutput: [UInt8]
  package var standardError: [UInt8]

  package init(status: Int32 = 0, standardOutput: [UInt8] = [], standardError: [UInt8] = []) {
    self.status = status
    self.standardOutput = standardOutput
    self.standardError = standardError
  }

  package init(status: Int32 = 0, _ standardOutput: String, standardError: String = "") {
    self.init(
      status: status, standardOutput: Array(standardOutput.utf8),
      standardError: Array(standardError.utf8))
  }

  /// Standard output as text; bytes that are no UTF-8 become U+FFFD.
  package var text: String { String(decoding: standardOutput, as: UTF8.self) }
  /// Standard error as text; bytes that are no UTF-8 become U+FFFD.
  package var errorText: String { String(decoding: standardError, as: UTF8.self) }
}
