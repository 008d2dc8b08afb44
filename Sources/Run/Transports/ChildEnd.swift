// The thread types come to Swift through the first C module that includes their header.
internal import CSSH2

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Waits for a child process on a thread of its own; no pool has a thread to spare for so long.
final class ChildEnd: Sendable {
  private let number: pid_t
  private let action: @Sendable () -> Void

  private init(_ number: pid_t, _ action: @escaping @Sendable () -> Void) {
    self.number = number
    self.action = action
  }

  /// Calls `action` on another thread when the child has ended.
  static func wait(for number: pid_t, then action: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(ChildEnd(number, action))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 256 << 10)
    var thread = pthread_t()
    if pthread_create(&thread, &attributes, waitOnThread, box.toOpaque()) != 0 {
      // Without a thread nobody hears of the end but by the pipes' end.
      box.release()
    }
  }

  fileprivate func run() {
    var status: Int32 = 0
    while waitpid(number, &status, 0) < 0, errno == EINTR {}
    action()
  }
}

private let waitOnThread: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
  box in
  guard let box else { return nil }
  Unmanaged<ChildEnd>.fromOpaque(box).takeRetainedValue().run()
  return nil
}
