package import Hosts
internal import Synchronization

/// One connection for each target, made at its first use and shared by all steps.
package final class ConnectionPool: Sendable {
  private let connector: any HostConnector
  private let connections = Mutex<[ConnectionTarget: Task<any Host, any Error>]>([:])

  package init(_ connector: any HostConnector) { self.connector = connector }

  /// The connection; a target that couldn't be reached is tried anew when it is asked for again.
  package func host(_ target: ConnectionTarget) async throws(HostError) -> any Host {
    let connector = connector
    let connecting = connections.withLock { connections in
      if let known = connections[target] { return known }
      let task = Task<any Host, any Error> { try await connector.connect(to: target) }
      connections[target] = task
      return task
    }
    switch await connecting.result {
    case .success(let host): return host
    case .failure(let error):
      connections.withLock { connections in
        if connections[target] == connecting { connections[target] = nil }
      }
      throw error as? HostError ?? HostError(.unreachable, "\(error)")
    }
  }

  /// Forgets a connection, so that the next use logs in again: `meta: reset_connection`.
  package func reset(_ target: ConnectionTarget) async {
    let task = connections.withLock { $0.removeValue(forKey: target) }
    if case .success(let host)? = await task?.result { await host.close() }
  }

  /// Closes all; what still runs on hosts is ended.
  package func closeAll() async {
    let all = connections.withLock { connections in
      defer { connections = [:] }
      return Array(connections.values)
    }
    await withTaskGroup(of: Void.self) { group in
      for task in all {
        group.addTask {
          if case .success(let host) = await task.result { await host.close() }
        }
      }
    }
  }
}
