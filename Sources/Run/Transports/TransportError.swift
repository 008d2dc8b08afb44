internal import Hosts

/// What went wrong below the framed shell.
struct TransportError: Error, Hashable {
  enum Kind: Hashable {
    /// The connection is gone, and all that ran over it.
    case lost
    /// The server hung up before it said who it is, as sshd's MaxStartups makes it.
    case droppedEarly
    /// The server said why it hangs up, and not who it is: asking again at once is in vain.
    case turnedAway
    /// The time for connecting was over.
    case timedOut
    /// The process that was spoken to has ended.
    case ended
    /// The other side, or libssh2, refused one operation; the connection lives.
    case refused
  }

  var kind: Kind
  var message: String
  /// libssh2's negative number, where it has one.
  var code: Int32 = 0

  init(_ kind: Kind, _ message: String, code: Int32 = 0) {
    self.kind = kind
    self.message = message
    self.code = code
  }
}
