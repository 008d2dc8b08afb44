internal import Hosts
internal import NIOCore

/// This machine: processes are children of ours.
struct LocalMachine: Machine {
  private let eventLoop: any EventLoop

  init(on eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  var executor: any SerialExecutor { eventLoop.executor }

  var user: String? { LocalUser.current.name }

  func connect() async throws(HostError) {}

  func start(_ command: String) async throws(HostError) -> any RunningProcess {
    let process = LocalProcess(on: eventLoop)
    do throws(TransportError) { try await process.start(command) } catch {
      throw HostError(.unreachable, "can't start /bin/sh: \(error.message)")
    }
    return process
  }

  func close() async {}
}
