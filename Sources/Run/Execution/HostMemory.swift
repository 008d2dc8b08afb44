internal import Hosts

/// What the run remembers of a host between its steps: moved into a step, and back with its end.
struct HostMemory: Sendable {
  var cache = AnswerCache()
  var foresight = Foresight()
  var roundTrips = 0
  /// Some action is planned on some host: what others or time can change is known no more.
  var volatileOrigin: String?
}
