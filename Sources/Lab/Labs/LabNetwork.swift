/// The lab's network: a bridge in a namespace of its own, without a route to any real network, and
/// one namespace a host, joined to the bridge by a virtual cable.
struct LabNetwork: Sendable {
  /// The lab whose network it is.
  let specification: LabSpecification

  /// The name of the namespace with the bridge; programs that talk to the hosts run in it.
  var namespace: String { specification.label }

  /// The file by which `setns` and `nsenter` find the namespace.
  var namespacePath: String { "/run/netns/\(namespace)" }

  /// The name of a host's own namespace.
  func namespace(of host: LabHost) -> String { "\(specification.label).\(host.name)" }

  /// The commands that make the bridge. It routes between the networks of its gateways.
  var commands: [LabCommand] {
    let namespace = namespace
    var commands = [
      LabCommand(["ip", "netns", "add", namespace]),
      ip(in: namespace, "link set lo up"),
      ip(in: namespace, "link add br0 type bridge"),
    ]
    commands += specification.gateways.map { ip(in: namespace, "address add \($0) dev br0") }
    commands.append(ip(in: namespace, "link set br0 up"))
    commands.append(
      LabCommand([
        "nsenter", "--net=\(namespacePath)", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward",
      ]))
    return commands
  }

  /// The commands that join a host. `port` is a number that no other host of the lab has.
  func commands(for host: LabHost, port: Int) -> [LabCommand] {
    let own = namespace(of: host)
    let interface = host.interface
    var commands = [
      LabCommand(["ip", "netns", "add", own]),
      ip(
        in: namespace,
        "link add port\(port) type veth peer name \(interface) netns \(own)"),
      ip(in: namespace, "link set port\(port) master br0 up"),
      ip(in: own, "link set lo up"),
    ]
    commands += host.addresses.map { ip(in: own, "address add \($0) dev \(interface)") }
    commands.append(ip(in: own, "link set \(interface) up"))
    if let gateway = gateway(of: host) {
      commands.append(ip(in: own, "route add default via \(gateway.address)"))
    }
    return commands
  }

  /// The gateway in the network of the host's first address.
  func gateway(of host: LabHost) -> LabAddress? {
    guard let first = host.addresses.first else { return nil }
    return specification.gateways.first { $0.contains(first) }
  }

  /// Puts a command into the namespace with the bridge.
  func entering(_ arguments: [String]) -> [String] {
    ["nsenter", "--net=\(namespacePath)", "--"] + arguments
  }

  private func ip(in namespace: String, _ words: String) -> LabCommand {
    LabCommand(["ip", "-n", namespace] + words.split(separator: " ").map(String.init))
  }
}
