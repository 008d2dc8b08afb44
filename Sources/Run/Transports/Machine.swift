internal import Hosts

/// A place where processes can be started: this machine, or another by SSH.
protocol Machine: Sendable {
  /// Runs all actors of the connection.
  var executor: any SerialExecutor { get }
  /// Says who commands run as without becoming anybody; nil until connected.
  var user: String? { get async }
  /// Connects, if it isn't connected.
  func connect() async throws(HostError)
  /// Starts `command` in the user's login shell (here: in sh), connecting first where necessary.
  func start(_ command: String) async throws(HostError) -> any RunningProcess
  /// Disconnects.
  func close() async
}

/// A process with its three streams.
protocol RunningProcess: Sendable {
  /// Writes to standard input; returns when all is on its way.
  func send(_ bytes: [UInt8]) async throws(TransportError)
  /// Ends standard input.
  func finishSending() async
  /// The next piece of either stream, or the end.
  func receive() async throws(TransportError) -> OutputPiece
  /// Whether it can still be spoken to, as far as one knows without asking.
  var isAlive: Bool { get async }
  /// Lets go of it; whoever waits in `receive` gets the end.
  func close() async
}

/// What a process says next.
enum OutputPiece: Hashable, Sendable {
  case output([UInt8])
  case error([UInt8])
  /// Both streams are at their end.
  case end
}
