internal import Diagnostics
internal import Graphs
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Templates
internal import Values

/// An include that a host has passed, waiting for the other hosts.
struct PendingInclude: Sendable {
  var host: String
  var request: IncludeRequest
}

/// What includes bring into the graph while the walk goes on.
extension Walk {
  /// Beyond it, an include is taken for one that includes itself without end.
  private static let deepestInclude = 200

  /// Includes wait at the barrier behind their task, so that hosts stay in step; where there is
  /// none, they come in at once.
  mutating func collect(_ end: StepEnd) async {
    let includes = end.includes.flatMap { request in
      (end.sharers.isEmpty ? [end.host] : end.sharers).map {
        PendingInclude(host: $0, request: request)
      }
    }
    if plays[end.instance.play].play.strategy == "linear" {
      pendingIncludes[ObjectIdentifier(end.instance), default: []] += includes
    } else {
      await bringIn(includes, of: end.instance, after: end.node)
    }
  }

  /// Reads what was included and puts it behind a node; hosts with equal includes go together.
  mutating func bringIn(
    _ includes: [PendingInclude], of instance: TaskInstance, after node: NodeID
  ) async {
    guard !includes.isEmpty else { return }
    // An include adds two numbers to the order of what it brings.
    if instance.order.count > 2 * Self.deepestInclude {
      let error = Diagnostics(
        Diagnostic(
          .error,
          "includes are nested more than \(Self.deepestInclude) deep: \(instance.title)",
          at: instance.definition.range, help: "does it include itself without a `when`?"))
      for include in includes { await refuse(include.host, instance, error) }
      return
    }
    var groups: OrderedDictionary<Value, [PendingInclude]> = [:]
    for include in includes { groups[include.request.key, default: []].append(include) }
    var additions: [(items: [PlayItem], hosts: [String])] = []
    for (index, group) in groups.values.enumerated() {
      do throws(Diagnostics) {
        let included = try executor.includes.read(group[0].request, of: instance)
        for role in included.importedRoles {
          executor.variables.add(role, isPublic: true, to: plays[instance.play])
        }
        if let role = included.role {
          executor.variables.add(
            role, isPublic: group[0].request.isPublic, to: plays[instance.play])
        }
        var layers = instance.layers
        layers.task = [:]
        layers.includeParameters.merge(group[0].request.parameters) { $1 }
        layers.bound.merge(group[0].request.bound) { $1 }
        let (items, handlers) = try executor.builder.expand(
          included.tasks, handlers: included.handlers, role: included.role, of: instance,
          in: plays[instance.play].play, layers: layers, suborder: index)
        addHandlers(handlers, to: instance.play)
        additions.append((items, group.map(\.host)))
      } catch {
        for include in group { await refuse(include.host, instance, error) }
      }
    }
    await insert(additions, play: instance.play, after: node)
  }

  private mutating func addHandlers(_ handlers: [HandlerDefinition], to play: Int) {
    for handler in handlers
    where !plays[play].handlers.contains(where: { $0.definition.range == handler.definition.range })
    {
      plays[play].handlers.append(handler)
    }
  }

  /// An include that can't be read fails its host's step.
  private mutating func refuse(
    _ host: String, _ instance: TaskInstance, _ error: Diagnostics
  ) async {
    var report = StepReport(
      play: instance.play, order: instance.order, task: instance.title,
      role: instance.role?.name, host: host,
      module: ModuleRegistry.bareName(instance.definition.action.content),
      range: instance.definition.range, outcome: .satisfied)
    let message = error.all.map { diagnostic in
      diagnostic.range.map { "\($0): \(diagnostic.message)" } ?? diagnostic.message
    }.joined(separator: "; ")
    let isRescued = hosts[host]?.fail(at: instance) ?? false
    report.outcome = .failed(message: message, isIgnored: false, isRescued: isRescued)
    hosts[host]?.count(report)
    await services.reporter.receive(.stepEnded(report))
  }

  /// Puts lists of items behind a node, one list after the other.
  mutating func insert(
    _ additions: [(items: [PlayItem], hosts: [String])], play: Int, after node: NodeID
  ) async {
    let additions = additions.filter { !$0.items.isEmpty && !$0.hosts.isEmpty }
    guard !additions.isEmpty else { return }
    let added = executor.builder.inserted(
      additions, play: play, strategy: plays[play].play.strategy)
    var count = 0
    for (items, hosts) in additions {
      let tasks = items.compactMap { item -> TaskInstance? in
        if case .task(let instance) = item { return instance }
        return nil
      }
      count += tasks.count * hosts.count
      for host in hosts { routes[host, default: Route()].add(tasks) }
    }
    schedule.splice(added, after: node)
    await services.reporter.receive(.stepsAdded(count))
  }
}

extension IncludeRequest {
  /// Whether tasks behind an `include_role` see the role's variables.
  var isPublic: Bool {
    guard let value = arguments["public"] else { return false }
    return Expression.literal(value.unmarked(), .synthesized("public")).literalBool ?? false
  }

  /// Equal for includes that bring the same: arguments and the loop's variables.
  var key: Value {
    var bindings: OrderedDictionary<String, Value> = [:]
    for (name, variable) in bound.sorted(by: { $0.key < $1.key }) {
      if case .value(let value) = variable { bindings[name] = value }
    }
    return [.object(arguments), .object(bindings)]
  }
}
