internal import Hosts
internal import NIOCore
internal import NIOPosix

extension SSHMachine {
  /// Brings a connection's bytes to the host and back: through the jump host, through the program
  /// that ProxyCommand names, or by a socket.
  func carry(_ connection: SSHConnection) async throws(HostError) {
    if let jump {
      let (outer, channel) = try await jump.openTunnel(
        to: settings.hostName, port: settings.port)
      await connection.attach(.tunnel(outer, channel.id))
      Task { await connection.receiveAll(from: channel) }
    } else if let command = settings.proxyCommand {
      try await carry(connection, by: command)
    } else {
      try await carryBySocket(connection)
    }
  }

  private func carry(
    _ connection: SSHConnection, by command: String
  ) async throws(HostError) {
    let program = ProxyProgram(on: eventLoop)
    await connection.note(program)
    do throws(TransportError) {
      await connection.attach(.socket(try await program.start(command, for: connection)))
    } catch {
      throw HostError(
        .unreachable, "can't start the ProxyCommand for \(place): \(error.message)")
    }
  }

  private func carryBySocket(_ connection: SSHConnection) async throws(HostError) {
    do throws(TransportError) {
      // Not awaited itself: who gives up doesn't wait for the network.
      try connectSocket(connection).whenComplete { result in
        connection.assumeIsolated { connection in
          switch result {
          case .success(let channel): connection.attach(.socket(channel))
          case .failure(let error): connection.fail(TransportError(connecting: error))
          }
        }
      }
      try await connection.untilAttached()
    } catch {
      throw HostError(
        .unreachable, "can't connect to \(place): \(error.message)",
        help: "check ansible_host, ansible_port and the network")
    }
  }

  private func connectSocket(
    _ connection: SSHConnection
  ) throws(TransportError) -> EventLoopFuture<any Channel> {
    var bootstrap = ClientBootstrap(group: eventLoop)
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .connectTimeout(TimeAmount(settings.connectTimeout))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(SSHInput(connection))
        }
      }
    if let address = settings.bindAddress {
      guard let own = try? SocketAddress(ipAddress: address, port: 0) else {
        throw TransportError(.refused, "BindAddress '\(address)' is no address")
      }
      bootstrap = bootstrap.bind(to: own)
    }
    if settings.addressFamily == .any,
      let address = try? SocketAddress(ipAddress: settings.hostName, port: settings.port)
    {
      return bootstrap.connect(to: address)
    }
    return
      bootstrap
      .resolver(NameLookup(eventLoop: eventLoop, family: settings.addressFamily))
      .connect(host: settings.hostName, port: settings.port)
  }
}
