internal import Layouts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// A dictionary of `ha_layout`'s, read field by field; what is wrong is said with its path.
struct LayoutFields {
  private let fields: OrderedDictionary<String, Value>
  private let path: String

  init(_ value: Value, _ path: String) throws(ArgumentError) {
    guard case .dict(let dict) = value else {
      throw ArgumentError(argument: "hosts", "`\(path)` must be a dictionary, not `\(value)`")
    }
    fields = OrderedDictionary(
      dict.map { ($0.key.description, $0.value) }, uniquingKeysWith: { $1 })
    self.path = path
  }

  /// `ADDRESS:PORT`, an address of IPv6 in brackets.
  static func bind(_ text: String, _ name: String) throws(ArgumentError) -> Bind {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...])
    else { throw ArgumentError(argument: name, "`\(text)` isn't `ADDRESS:PORT`") }
    var address = text[..<colon]
    if address.hasPrefix("["), address.hasSuffix("]") { address = address.dropFirst().dropLast() }
    return Bind(String(address), port)
  }

  func host() throws(ArgumentError) -> LayoutHost {
    guard let name = text("name"), let address = text("address") else {
      throw ArgumentError(argument: "hosts", "a host needs `name` and `address`")
    }
    var host = LayoutHost(
      name: name, address: Address(address), prefixLength: try number("prefix") ?? 24)
    if let node = text("node") { host.nodeName = node }
    host.isPlane = flag("plane") ?? false
    host.isWorker = flag("worker") ?? false
    host.hasEtcd = flag("etcd") ?? true
    host.api = Bind(text("api_bind") ?? "*", try number("api_port") ?? 6443)
    host.bindsNonlocal = flag("nonlocal_bind") ?? false
    host.firewallPackages = Set(texts("firewall_packages"))
    host.ignoredPreflight = Set(texts("ignored_preflight_errors").map { $0.lowercased() })
    if let fields = try inner("haproxy", of: name) { host.haproxy = try fields.haproxy() }
    if let fields = try inner("keepalived", of: name) { host.keepalived = try fields.keepalived() }
    if let fields = try inner("forward", of: name) { host.forward = try fields.forward() }
    return host
  }

  private func haproxy() throws(ArgumentError) -> LayoutHost.HAProxy {
    var haproxy = LayoutHost.HAProxy(
      frontend: Bind(text("bind") ?? "*", try number("port") ?? 0), backends: try binds("backends"))
    if let port = try number("stats_port"), port > 0 {
      haproxy.statistics = Bind(text("stats_bind") ?? "*", port)
    }
    haproxy.yieldsToVirtualAddress = flag("yields") ?? false
    haproxy.rests = flag("rests") ?? false
    haproxy.hasFallback = flag("fallback") ?? false
    return haproxy
  }

  private func keepalived() throws(ArgumentError) -> LayoutHost.Keepalived {
    var keepalived = LayoutHost.Keepalived(
      routerID: try number("router_id") ?? 51, priority: try number("priority") ?? 100,
      checkWeight: try number("weight") ?? 0)
    keepalived.isUnicast = flag("unicast") ?? false
    keepalived.hasNopreempt = flag("nopreempt") ?? false
    keepalived.isRouted = flag("routed") ?? false
    return keepalived
  }

  private func forward() throws(ArgumentError) -> LayoutHost.Forward {
    LayoutHost.Forward(
      port: try number("port") ?? 0, targets: try binds("to"),
      masquerades: flag("masquerade") ?? false)
  }

  // MARK: Fields

  private func inner(_ name: String, of host: String) throws(ArgumentError) -> LayoutFields? {
    guard let value = fields[name], value != .null, value != .dict([:]), value != .bool(false)
    else { return nil }
    return try LayoutFields(value, "\(host).\(name)")
  }

  private func text(_ name: String) -> String? {
    guard let value = fields[name], value != .null else { return nil }
    return value.description
  }

  private func number(_ name: String) throws(ArgumentError) -> Int? {
    guard let text = text(name) else { return nil }
    guard let number = Int(text) else {
      throw ArgumentError(
        argument: "hosts", "`\(path).\(name)` must be a whole number, not `\(text)`")
    }
    return number
  }

  private func flag(_ name: String) -> Bool? {
    text(name).map { ["true", "yes", "on", "1"].contains($0.lowercased()) }
  }

  private func texts(_ name: String) -> [String] {
    guard case .list(let items)? = fields[name] else { return [] }
    return items.map(\.description)
  }

  private func binds(_ name: String) throws(ArgumentError) -> [Bind] {
    var binds: [Bind] = []
    for text in texts(name) { binds.append(try Self.bind(text, "hosts")) }
    return binds
  }
}
