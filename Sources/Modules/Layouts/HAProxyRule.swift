/// The rule after the join, and after every move of the virtual address.
package enum HAProxyRule {
  /// Whether a host's HAProxy is to run.
  ///
  /// Where it yields, it rests while the host holds the virtual address: that host's own
  /// kube-apiserver answers there. Everywhere else it runs, unless it rests: one plane needs none.
  package static func runs(on host: LayoutHost, holdsVirtualAddress: Bool) -> Bool {
    guard let haproxy = host.haproxy, !haproxy.rests else { return false }
    return !(haproxy.yieldsToVirtualAddress && holdsVirtualAddress)
  }

  /// Whether a host's kube-apiserver answers at the endpoint itself while it holds the address: the
  /// layout in which HAProxy must yield.
  package static func sharesPort(_ host: LayoutHost, in layout: Layout) -> Bool {
    guard host.isPlane, host.keepalived != nil, let endpoint = layout.endpoint,
      endpoint.address == layout.virtualAddress
    else { return false }
    return host.forward?.port != endpoint.port && host.api.hears(endpoint.address, endpoint.port)
  }
}
