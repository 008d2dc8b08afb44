import Diagnostics
import Inventories
import OrderedCollections
import Testing
import Values

@Suite struct RecordedInventoryTests {
  @Test func thereAreCases() {
    #expect(InventoryCase.all.count > 80)
  }

  @Test(arguments: InventoryCase.all)
  func readsWhatAnsibleReads(_ testCase: InventoryCase) throws {
    let expected = try testCase.recorded("expected.json")
    let inventory = try? testCase.inventory()
    guard expected != .null else {
      #expect(inventory == nil, "Ansible refuses it")
      return
    }
    let listing = try testCase.inventory().listing.sorted
    #expect(listing["groups"] == expected.comparable["groups"])
    #expect(listing["hostvars"]?.lines == expected.comparable["hostvars"]?.lines)
  }

  @Test(arguments: InventoryCase.all.filter { $0.lines("patterns.txt") != nil })
  func choosesTheHostsThatAnsibleChooses(_ testCase: InventoryCase) throws {
    let inventory = try testCase.inventory()
    let tree = GroupTree(inventory)
    guard case .list(let rows) = try testCase.recorded("patterns.json") else { return }
    for row in rows {
      guard case .list(let pair) = row, case .string(let text) = pair[0] else { continue }
      let pattern = try HostPattern(text, at: .synthesized("test"))
      let hosts = pattern.hosts(in: inventory, tree).hosts
      #expect(Value.strings(hosts) == pair[1], "\(text)")
    }
  }
}

extension Value {
  /// A line for each variable of each host, so that a failure shows which one differs.
  fileprivate var lines: Set<String> {
    guard case .dict(let hosts) = self else { return [] }
    var lines: Set<String> = []
    for (host, variables) in hosts {
      guard case .dict(let variables) = variables else { continue }
      for (name, value) in variables { lines.insert("\(host) \(name)=\(value.debugDescription)") }
    }
    return lines
  }

  /// The recorded listing with what has no order in order.
  var comparable: Value {
    guard case .dict(var dict) = self, case .dict(let groups)? = dict["groups"] else { return self }
    var listed = groups
    for (name, group) in groups {
      guard case .dict(var parts) = group else { continue }
      if case .list(let children)? = parts["children"] {
        parts["children"] = .list(children.sorted { "\($0)" < "\($1)" })
      }
      listed[name] = parts.isEmpty ? nil : .dict(parts)
    }
    dict["groups"] = .dict(listed)
    return Value.dict(dict).sorted
  }
}
