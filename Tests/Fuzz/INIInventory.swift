// Fuzzes the reader of INI inventories: whatever the text, reading ends, with an error or without,
// and what was read can be listed.
import Diagnostics
import Documents
import Inventories
import OrderedCollections
import Templates
import Values

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard
    let text = String(validating: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  else { return -1 }
  _ = PythonLiteral.value(text)
  guard let inventory = try? InventoryReader().read(ini: text) else { return 0 }
  // Ranges may mean a million hosts; to list them shows nothing new.
  if inventory.hosts.count > 1000 { return 0 }
  let tree = GroupTree(inventory)
  let listing = InventoryListing(inventory, tree)
  _ = listing.scriptForm.json()
  _ = listing.graph(withVariables: true)
  _ = try? TOMLWriter.text(listing.tableForm)
  return 0
}
