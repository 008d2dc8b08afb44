import Diagnostics
import Documents
import FoundationEssentials
import Inventories
import Testing
import Variables

@Suite struct InventoryAuditTests {
  /// What is suspicious about files: the places and the beginnings of the messages.
  private func said(_ files: [String: String]) throws -> [String] {
    let random = UInt64.random(in: 0 ... .max)
    let folder = FileManager.default.temporaryDirectory.path + "/audit-\(random)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files {
      let path = folder + "/" + name
      let parent = path.split(separator: "/").dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(
        atPath: "/" + parent, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path))
    }
    let inventory = try InventoryReader().read([folder + "/hosts"])
    return InventoryAudit.diagnostics(of: inventory).map { diagnostic in
      let place = diagnostic.range.map { "\($0)".replacing(folder + "/", with: "") } ?? "?"
      return "\(place) \(diagnostic.message)"
    }
  }

  @Test func aSoundInventoryIsNotSuspicious() throws {
    #expect(
      try said([
        "hosts": "[web]\nw1 ansible_host=10.0.0.1\nw2 ansible_host=10.0.0.2\n[web:vars]\nx=1\n",
        "group_vars/web.yml": "db_password: \"{{ vault_password }}\"\nkey_file: /etc/key\n",
      ]) == [])
  }

  @Test(arguments: [
    (
      "[a]\nh\n[b]\nh\n[a:vars]\nx=1\n[b:vars]\nx=2\n",
      ["hosts:8:3 `h` in the groups `a` and `b`, which contradict each other in `x`"]
    ),
    ("[a]\nh x=3\n[b]\nh\n[a:vars]\nx=1\n[b:vars]\nx=2\n", []),
    ("[a]\nh\n[b]\nh\n[a:vars]\nx=1\n[b:vars]\nx=1\n", []),
    ("[a]\nh\n[b]\nh\n[a:vars]\nx=1\nansible_group_priority=2\n[b:vars]\nx=2\n", []),
    ("h groups=1\n", ["hosts:1:10 `groups` of the host `h` is never seen"]),
    ("[a]\nh\n[b]\n", ["hosts:3:1 the group `b` is unused"]),
    (
      "a ansible_host=1.2.3.4\nb ansible_host=1.2.3.4\n",
      ["hosts:2:16 `b` and `a` have the same address 1.2.3.4"]
    ),
    ("a ansible_host=1.2.3.4\nb ansible_host=1.2.3.4 ansible_port=23\n", []),
    ("a ansible_host=b\nb\n", ["hosts:2:1 `b` and `a` have the same address b"]),
    (
      "h ansible_password=sesame\n",
      ["hosts:1:20 `ansible_password` of the host `h` isn't encrypted"]
    ),
    ("h ansible_become_pass=\"{{ p }}\" password_file=/x\n", []),
    ("[a]\na\n", ["hosts:1:1 `a` is a group and a host"]),
    ("[a-b]\nh\n", ["hosts:1:1 `a-b` can't be written as groups.a-b"]),
    ("[a]\nh ansible_group_priority=5\n", ["hosts:2:26 `ansible_group_priority` has no effect"]),
  ])
  func whatIsSuspiciousIsNamed(_ text: String, _ expected: [String]) throws {
    let said = try said(["hosts": text])
    #expect(said.count == expected.count, "\(said)")
    for (one, start) in zip(said, expected) { #expect(one.hasPrefix(start), "\(one)") }
  }

  @Test func filesOfNobodyAreNamed() throws {
    let said = try said([
      "hosts": "[web]\nw1\n", "group_vars/wbe.yml": "x: 1\n", "host_vars/w2.yml": "x: 1\n",
    ])
    #expect(said.count == 2)
    #expect(said.first?.hasPrefix("group_vars/wbe.yml:1:1 there is no group `wbe`") == true)
    #expect(said.last?.hasPrefix("host_vars/w2.yml:1:1 there is no host `w2`") == true)
  }
}
