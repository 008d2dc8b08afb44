import Foundation
import Hosts
import Testing

@testable import Transports

/// The ways to a shell that the behaviours are tested over: each kind of connection and shell.
struct Transport: Sendable, CustomStringConvertible {
  enum Kind: String, Sendable, CaseIterable {
    case local
    case ssh
    case openssh
  }

  var kind: Kind
  var shell: String

  var description: String { "\(kind) \(shell)" }

  /// The shells of this machine that scripts are read by; a link with that name makes busybox one.
  static let shells: [String] = {
    let found = ["/bin/dash", "/bin/bash", "/bin/mksh"].filter {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    return found + [busybox].compactMap { $0 }
  }()

  static let all = Kind.allCases.flatMap { kind in
    shells.map { Transport(kind: kind, shell: $0) }
  }

  /// One of each kind, for what doesn't depend on the shell.
  static let kinds = Kind.allCases.map { Transport(kind: $0, shell: "/bin/sh") }

  private static let busybox: String? = {
    let program = "/bin/busybox"
    guard FileManager.default.isExecutableFile(atPath: program),
      let server = try? SSHServer.shared.get()
    else { return nil }
    // Called as `ash` it's the shell; the server's folder is removed at the end.
    let link = "\(server.folder.path)/ash"
    try? FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: program)
    return link
  }()

  /// A connection, with a folder for temporary files that is looked at afterwards.
  func connect(
    temporaryFolder: String = "/tmp", options change: (inout TransportOptions) -> Void = { _ in }
  ) async throws -> any Hosts.Host {
    let server = try SSHServer.shared.get()
    var target = server.target
    target.connection = kind.rawValue
    target.shell = shell
    target.remoteTemporaryFolder = temporaryFolder
    var options = server.options
    change(&options)
    return try await Connector(options).connect(to: target)
  }
}
