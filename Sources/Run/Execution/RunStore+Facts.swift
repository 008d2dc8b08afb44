package import Diagnostics
package import Playbooks
internal import Synchronization
package import Variables

extension RunStore {
  package func hosts(of play: Play) throws(Diagnostics) -> [String] {
    try HostSelection(store: self, limit: nil).hosts(of: play)
  }

  package func settle(_ facts: FactsOnDemand.Answer, of host: String) {
    state.withLock { $0.hosts.onDemand }[host] = facts
  }
}
