@preconcurrency import Dispatch
import Glibc

/// SIGINT and SIGTERM as a task's cancellation: remote work is ended and temporary files removed.
/// A second signal ends the program at once.
final class Interrupts {
  private let sources: [any DispatchSourceSignal]

  init(onSignal: @escaping @Sendable () -> Void) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        onSignal()
        signal(number, SIG_DFL)
      }
      source.resume()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }
}
