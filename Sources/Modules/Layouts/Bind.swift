/// Where a program listens: a port, on one address or on every one.
package struct Bind: Hashable, Sendable {
  /// Nil is every address of the host, those included that it gets later.
  package var address: Address?
  package var port: Int

  package init(_ address: Address?, _ port: Int) {
    self.address = address
    self.port = port
  }

  /// - Parameter text: an address or name; `*`, `0.0.0.0`, `::` and nothing mean every address.
  package init(_ text: String, _ port: Int) {
    self.init(["", "*", "0.0.0.0", "::"].contains(text) ? nil : Address(text), port)
  }

  /// Whether the kernel refuses the second of two listeners: one port on every address is taken on
  /// each, and the other way round.
  package func clashes(with other: Bind) -> Bool {
    guard port == other.port else { return false }
    guard let address, let others = other.address else { return true }
    return address == others
  }

  /// Whether who connects to this address and port is heard here.
  package func hears(_ address: Address, _ port: Int) -> Bool {
    self.port == port && (self.address.map { $0 == address } ?? true)
  }
}

extension Bind: CustomStringConvertible {
  package var description: String {
    guard let address else { return "*:\(port)" }
    return address.bytes?.count == 16 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}
