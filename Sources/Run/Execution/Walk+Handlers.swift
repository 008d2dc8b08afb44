internal import Diagnostics
internal import Graphs
internal import Hosts
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Templates
internal import Values

/// Handlers: who notified which, and when they run.
extension Walk {
  /// A notification that nobody answers to is a mistake, and fails its task.
  mutating func refuseUnknownHandlers(_ end: inout StepEnd) {
    for notification in end.notifications where handlers(for: notification, of: end).isEmpty {
      end.report.outcome = .failed(
        message: "the requested handler `\(notification.name)` isn't among the play's handlers",
        isIgnored: false, isRescued: false)
      end.notifications = []
      return
    }
  }

  /// Notes a notification; a handler runs once, however often it is notified.
  mutating func notify(_ notification: Notification, _ end: StepEnd) {
    let play = end.instance.play
    for index in handlers(for: notification, of: end) {
      for host in end.sharers.isEmpty ? [end.host] : end.sharers {
        let known = notified[play]?[host]?[index]
        if known == nil || notification.deferredBy == nil {
          // What is certain outweighs what may be.
          notified[play, default: [:]][host, default: [:]][index] = notification
        }
      }
    }
  }

  /// The handlers that a notification means: the one with its name, and all that listen to it.
  ///
  /// Of those with one name the last list's wins, so that a play's override its roles', and in a
  /// list the first.
  private func handlers(for notification: Notification, of end: StepEnd) -> [Int] {
    let play = plays[end.instance.play]
    let order = play.handlers.indices.sorted {
      (play.handlers[$1].list, $0) < (play.handlers[$0].list, $1)
    }
    var found: OrderedSet<Int> = []
    var seen: Set<String> = []
    for index in order where play.handlers[index].definition.listen.contains(notification.name) {
      let hasName = play.handlers[index].definition.name != nil
      if hasName, !seen.insert(name(of: play.handlers[index], for: end)).inserted { continue }
      found.append(index)
    }
    let named = order.first {
      let handler = play.handlers[$0]
      guard handler.definition.name != nil else { return false }
      return handler.isCalled(notification.name, own: name(of: handler, for: end))
    }
    if let named { found.append(named) }
    return Array(found)
  }

  /// A handler's name, evaluated where it is a template.
  private func name(of handler: HandlerDefinition, for end: StepEnd) -> String {
    guard let name = handler.definition.name else { return handler.definition.action.content }
    if let written = name.literalString { return written }
    let instance = handler.instance(order: [], play: end.instance.play)
    let scope = executor.variables.scope(
      for: end.host, at: instance, in: plays[end.instance.play])
    return (try? name.evaluate(in: scope).description) ?? ""
  }

  /// The task that decides whether a handler runs; nil where it was notified for certain.
  func deferral(of handler: TaskInstance, on host: String) -> String? {
    guard let index = handler.order.last else { return nil }
    return notified[handler.play]?[host]?[index]?.deferredBy
  }

  /// A handler has run on a host.
  mutating func forget(_ handler: TaskInstance, on host: String) {
    guard let index = handler.order.last else { return }
    notified[handler.play]?[host]?[index] = nil
    if notified[handler.play]?[host]?.isEmpty ?? false { notified[handler.play]?[host] = nil }
  }

  /// Brings in the first of the notified handlers of these hosts, and behind it what is left: a
  /// handler may notify a later one.
  mutating func flush(
    play: Int, hosts flushed: [String], order: [Int], from first: Int, after node: NodeID
  ) async {
    guard let byHost = notified[play], !byHost.isEmpty else { return }
    let forces = plays[play].play.forceHandlers
    var next: Int?
    var notifiedHosts: [String] = []
    for host in flushed {
      guard let known = byHost[host], let progress = hosts[host], !progress.isFailed || forces,
        let index = known.keys.filter({ $0 >= first }).min(), index <= next ?? index
      else { continue }
      if index != next { notifiedHosts = [] }
      next = index
      notifiedHosts.append(host)
    }
    guard let next else { return }
    let instance = plays[play].handlers[next].instance(order: order + [next], play: play)
    await insert(
      [
        ([.task(instance)], notifiedHosts), ([.flush(order: order, from: next + 1)], flushed),
      ], play: play, after: node)
  }
}
