package import Hosts
package import Layouts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Refuses, before anything is changed, a layout of a highly available cluster that can't work.
package struct HALayoutModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "ha_layout",
    summary: "Refuses a layout of HAProxy, Keepalived and kubeadm that can't work.",
    notes: [
      "Reads its arguments alone, so a plan finds what is wrong before a host is touched: ports with"
        + " two owners, a virtual address outside of its network, a `virtual_router_id` that others"
        + " have, priorities wider than the check's weight, addresses that can't be bound without"
        + " `ip_nonlocal_bind`, an endpoint that nobody answers at, ufw beside iptables-persistent."
        + " Each is named with its host, the value, the reason and what to write instead. An even"
        + " number of etcd's members is a warning.",
      "A host is a dictionary: `name`, `node`, `address`, `prefix` (of its network), `plane`, `worker`,"
        + " `etcd`, `api_bind`, `api_port`, `nonlocal_bind`, `firewall_packages`,"
        + " `ignored_preflight_errors`; `haproxy` with `bind`, `port`, `stats_bind`, `stats_port` (0"
        + " for none), `backends` (`ADDRESS:PORT`), `yields`, `rests`, `fallback`; `keepalived` with"
        + " `router_id`, `priority`, `weight`, `unicast`, `nopreempt`, `routed`; `forward` with `port`, `to`"
        + " (`ADDRESS:PORT`), `masquerade`. What is left out is as kubeadm has it, or not there.",
    ],
    arguments: [
      ArgumentSpecification("hosts", .list, "The hosts, as the notes say.", isRequired: true),
      ArgumentSpecification("vip", .string, "The virtual address."),
      ArgumentSpecification("endpoint", .string, "kubeadm's controlPlaneEndpoint, `ADDRESS:PORT`."),
      ArgumentSpecification(
        "external_endpoint", .boolean, "Somebody outside of the inventory answers at the endpoint.",
        default: false),
      ArgumentSpecification(
        "taken_router_ids", .list, "What other clusters on the network have as virtual_router_id."),
      ArgumentSpecification(
        "etcd_members", .integer, "How many there are; without, as many as there are planes."),
      ArgumentSpecification(
        "whole", .boolean, "Whether `hosts` are all of them; else nothing is said of the others.",
        default: true),
    ],
    results: [
      ("problems", "What can't work, a sentence each."),
      ("warnings", "What had better be otherwise."),
    ],
    example: """
      - name: The layout can work
        orchestrate.ha_layout:
          vip: 192.0.2.100
          endpoint: 192.0.2.100:6443
          hosts: "{{ ansible_play_hosts | map('extract', hostvars, 'layout_host') }}"
        run_once: true
      """, isControllerOnly: true)

  /// What the arguments describe.
  package let layout: Layout

  package init(_ arguments: Arguments) throws(ArgumentError) {
    var hosts: [LayoutHost] = []
    let given: [Value]
    switch arguments.value("hosts")?.unmarkedDeeply() {
    case .list(let items)?, .tuple(let items)?: given = items
    default:
      throw arguments.mismatch("hosts", "a list of dictionaries")
    }
    for value in given { hosts.append(try LayoutFields(value, "hosts").host()) }
    let endpoint = try arguments.string("endpoint").flatMap { $0.isEmpty ? nil : $0 }
    var layout = Layout(
      hosts: hosts,
      virtualAddress: try arguments.string("vip").flatMap { $0.isEmpty ? nil : Address($0) },
      endpoint: nil, etcdMembers: try arguments.integer("etcd_members"))
    if let endpoint {
      let bind = try LayoutFields.bind(endpoint, "endpoint")
      guard let address = bind.address else {
        throw ArgumentError(argument: "endpoint", "`\(endpoint)` names no address")
      }
      layout.endpoint = Layout.Endpoint(
        address, port: bind.port,
        isExternal: try arguments.boolean("external_endpoint") ?? false)
    }
    for text in try arguments.strings("taken_router_ids") ?? [] {
      guard let id = Int(text) else {
        throw arguments.mismatch("taken_router_ids", "a list of numbers")
      }
      layout.foreignRouterIDs.insert(id)
    }
    layout.isWhole = try arguments.boolean("whole") ?? true
    self.layout = layout
  }

  package var probe: Probe<Void> { Probe(()) }

  package func diff(from current: Void) -> Change {
    let problems = layout.problems
    let errors = problems.filter { $0.severity == .error }.map(\.description)
    let warnings = problems.filter { $0.severity == .warning }.map(\.description)
    let result: OrderedDictionary<String, Value> = [
      "problems": .strings(errors), "warnings": .strings(warnings),
    ]
    if !errors.isEmpty { return .failed(errors.joined(separator: "\n"), result: result) }
    return Change(result: result, effects: warnings.map { .message("warning: \($0)") })
  }
}
