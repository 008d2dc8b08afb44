// Fuzzes host patterns: whatever the text, matching ends, and chooses none but hosts that there are.
import Diagnostics
import Inventories
import OrderedCollections
import Templates

private let inventory: Inventory = {
  var inventory = Inventory()
  let place = SourceRange.synthesized("fuzz")
  for number in 1...9 { inventory.addHost("web\(number)", to: "web", at: place) }
  for name in ["db1", "db-2.example.org", "10.0.0.1", "2001:db8::1", "köln"] {
    inventory.addHost(name, to: "db", at: place)
  }
  try? inventory.addChild("web", to: "bay", at: place)
  try? inventory.addChild("db", to: "bay", at: place)
  inventory.complete()
  return inventory
}()
private let tree = GroupTree(inventory)

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard
    let text = String(validating: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  else { return -1 }
  // `@` would read any file of this machine.
  if text.contains("@") { return -1 }
  guard let pattern = try? HostPattern(text, at: .synthesized("fuzz")) else { return 0 }
  for host in pattern.hosts(in: inventory, tree).hosts {
    precondition(inventory.hosts[host] != nil || HostPattern.isLocalhost(host))
  }
  return 0
}
