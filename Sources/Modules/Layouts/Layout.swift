/// Who is in a cluster, who listens where, and among whom the virtual address moves.
///
/// A value: what an inventory says, before anything is looked at. `problems` says what can't work.
package struct Layout: Hashable, Sendable {
  package var hosts: [LayoutHost]
  /// The address that Keepalived moves; nil where none does.
  package var virtualAddress: Address?
  /// kubeadm's controlPlaneEndpoint; nil where it is given none.
  package var endpoint: Endpoint?
  /// virtual_router_ids of others on the same network.
  package var foreignRouterIDs: Set<Int> = []
  /// How many members etcd has, or shall have.
  package var etcdMembers: Int
  /// Whether `hosts` are all hosts; else (a run with a limit) nothing is said of those that lack.
  package var isWhole = true

  package init(
    hosts: [LayoutHost], virtualAddress: Address?, endpoint: Endpoint?, etcdMembers: Int? = nil
  ) {
    self.hosts = hosts
    self.virtualAddress = virtualAddress
    self.endpoint = endpoint
    self.etcdMembers = etcdMembers ?? hosts.count(where: \.isPlane)
  }

  /// Where clients, kubelets and kubeadm find the API.
  package struct Endpoint: Hashable, Sendable {
    package var address: Address
    package var port: Int
    /// Somebody outside of the inventory balances: nothing can be said of who answers.
    package var isExternal: Bool

    package init(_ address: Address, port: Int, isExternal: Bool = false) {
      self.address = address
      self.port = port
      self.isExternal = isExternal
    }
  }

  /// The hosts among which the virtual address moves.
  package var keepers: [LayoutHost] { hosts.filter { $0.keepalived != nil } }

  /// The host that has an address of its own.
  package func owner(of address: Address) -> LayoutHost? {
    hosts.first { $0.address == address || $0.otherAddresses.contains(address) }
  }
}
