import Diagnostics
import Documents
import Execution
import Hosts
import Layouts
import ModuleKit
import Modules
import OrderedCollections
import Planning
import Playbooks
import Templates
import Values

/// Reads of a playbook's variables what `ha_layout` is told in a run.
struct ClusterReading {
  let store: RunStore
  let graph: TaskGraph
  let playbook: String

  /// The layout that the playbook's role `layout` describes.
  func layout() throws(Diagnostics) -> Layout {
    let (task, play) = try place()
    var hosts: [Value] = []
    for host in play.hosts {
      hosts.append(
        try value("layout_of_host", store.scope(for: host, at: task, in: play, requests: nil)))
    }
    guard let first = play.hosts.first else {
      throw Diagnostics(Diagnostic(.error, "the inventory has no hosts"))
    }
    let scope = store.scope(for: first, at: task, in: play, requests: nil)
    let arguments: OrderedDictionary<String, Value> = [
      "hosts": .list(hosts), "vip": try value("cluster_vip", scope),
      "endpoint": try value("layout_endpoint", scope),
    ]
    let search = FileSearch(roles: [], taskFolder: ".", playFolder: ".")
    let context = ModuleContext(
      host: first, isPlan: true,
      files: TaskFiles(search: search, scope: scope, passwords: VaultPasswords()))
    do throws(ArgumentError) {
      let documentation = HALayoutModule.documentation
      var layout = try HALayoutModule(
        Arguments(arguments, for: documentation, in: context)
      ).layout
      layout.hosts.removeAll { !isMember($0) }
      return layout
    } catch {
      throw Diagnostics(
        Diagnostic(.error, error.message, at: task.definition.range, help: error.help))
    }
  }

  /// How the hosts are reached, by name.
  func ways(
    to hosts: [LayoutHost]
  ) throws(Diagnostics) -> [String: (ConnectionTarget, Become?)] {
    var ways: [String: (ConnectionTarget, Become?)] = [:]
    for host in hosts {
      guard let scope = store.scope(ofHost: host.name) else { continue }
      do throws(TemplateError) {
        ways[host.name] = (
          try store.target(of: host.name, keywords: Keywords(), scope: scope),
          try store.become(keywords: Keywords(), scope: scope)
        )
      } catch {
        throw Diagnostics(error.diagnostic)
      }
    }
    return ways
  }

  private func isMember(_ host: LayoutHost) -> Bool {
    host.isPlane || host.isWorker || host.haproxy != nil || host.keepalived != nil
  }

  /// The task `ha_layout`, in whose place the cluster's variables have their values.
  private func place() throws(Diagnostics) -> (TaskInstance, CompiledPlay) {
    for play in graph.plays {
      for case .task(let task) in play.items
      where ModuleRegistry.bareName(task.definition.action.content) == "ha_layout" {
        return (task, play)
      }
    }
    throw Diagnostics(
      Diagnostic(
        .error, "\(playbook) has no task `ha_layout`",
        help: "name with --playbook one that has the role `layout`, such as playbooks/ha.yaml"))
  }

  private func value(_ name: String, _ scope: Scope) throws(Diagnostics) -> Value {
    do throws(TemplateError) {
      let expression = Expression(text: "{{ \(name) }}", at: .synthesized(name))
      return try expression.evaluate(in: scope).unmarkedDeeply()
    } catch {
      throw Diagnostics(error.diagnostic)
    }
  }
}
