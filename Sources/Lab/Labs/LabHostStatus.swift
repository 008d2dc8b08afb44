/// How a host of a running lab does.
package struct LabHostStatus: Sendable, Equatable {
  /// The inventory's name of the host.
  package let name: String
  /// The login user and the addresses on the host's interface.
  package let user: String
  package let addresses: [LabAddress]
  /// Whether the twin runs, and with how many processes.
  package let processes: Int
  /// The memory that it uses, in bytes; nil if the kernel doesn't say.
  package let memory: Int?

  /// Whether the twin runs.
  package var isRunning: Bool { processes > 0 }
}
