import Diagnostics
import Execution
import Glibc
import Inventories
import Labs
import OrderedCollections
import Templates
import Values

/// A lab for an inventory: its hosts as twins, and this program inside of their network.
struct LabSession {
  /// Set in the program that was started inside of the lab's network.
  static let marker = "ORCHESTRATE_LAB"

  let lab: Lab
  /// Whether this run brought it up, and takes it down.
  let isOwned: Bool

  /// The twins' key and known hosts.
  var access: LabAccess {
    LabAccess(privateKeyFile: lab.privateKeyPath, knownHostsFile: lab.knownHostsPath)
  }

  /// Uses the running lab, or brings one up for this run; then goes on inside of its network, by
  /// executing the program anew before any thread is there that could stay outside.
  static func enter(
    _ specification: LabSpecification
  ) throws(LabError) -> LabSession {
    if let inside = getenv(marker) {
      let isOwned = String(cString: inside).hasSuffix("!")
      guard let lab = try Lab.running(named: specification.name) else {
        throw LabError(.wrongState, "the lab \(specification.name) is gone")
      }
      return LabSession(lab: lab, isOwned: isOwned)
    }
    var isOwned = false
    let lab: Lab
    if var running = try Lab.running(named: specification.name) {
      let missing = specification.hosts.filter { host in
        !running.specification.hosts.contains { $0.name == host.name }
      }
      if !missing.isEmpty { try running.add(missing, progress: progress) }
      lab = running
    } else {
      isOwned = true
      lab = try Lab.up(specification, owner: getpid(), progress: progress)
    }
    setenv(marker, specification.name + (isOwned ? "!" : ""), 1)
    try lab.reexecute(arguments: Array(CommandLine.arguments.dropFirst()))
  }

  /// Takes down a lab that this run brought up.
  func leave() {
    guard isOwned else { return }
    do { try lab.down() } catch { TextFile.standardError("\(error)\n") }
  }

  static func progress(_ text: String) { TextFile.standardError("lab: \(text)\n") }
}

extension LabSpecification {
  /// The twins of an inventory's hosts, at the addresses that it gives them.
  ///
  /// The lab is named after the inventory's folder or file.
  init(of store: RunStore, source: String) throws(Diagnostics) {
    var hosts: [LabHost] = []
    var gateways: [LabAddress] = []
    for name in store.inventory.hosts.keys {
      guard let scope = store.scope(ofHost: name) else { continue }
      let host = try Self.host(name, in: scope)
      if let address = host.addresses.first, let gateway = Self.gateway(of: address),
        !gateways.contains(gateway)
      {
        gateways.append(gateway)
      }
      hosts.append(host)
    }
    self.init(name: Self.name(of: source), hosts: hosts, gateways: gateways)
  }

  private static func host(_ name: String, in scope: Scope) throws(Diagnostics) -> LabHost {
    do throws(TemplateError) {
      let prefix = try scope.number("lab_prefix_length", "cluster_vip_prefix") ?? 24
      return LabHost(
        name: name,
        addresses: [
          LabAddress(try scope.text("ansible_host") ?? name, prefixLength: prefix)
        ],
        interface: try scope.text("lab_interface", "cluster_interface") ?? "eth0",
        user: try scope.text("ansible_user", "ansible_ssh_user") ?? "root",
        sudoPassword: try scope.text("ansible_become_password", "ansible_become_pass"),
        release: try release(of: name, called: scope.text("lab_release")))
    } catch {
      throw Diagnostics(error.diagnostic)
    }
  }

  private static func release(
    of host: String, called name: String?
  ) throws(TemplateError) -> LabRelease {
    guard let name else { return .bookworm }
    guard let release = LabRelease(rawValue: name) else {
      let known = LabRelease.allCases.map(\.rawValue).joined(separator: ", ")
      throw TemplateError(
        .other, "host \(host): lab_release is \(name), and the lab's twins run one of \(known)")
    }
    return release
  }

  /// The highest address of the network; the lowest often are hosts'.
  private static func gateway(of address: LabAddress) -> LabAddress? {
    let parts = address.address.split(separator: ".").compactMap { UInt32($0) }
    guard parts.count == 4, (8...30).contains(address.prefixLength) else { return nil }
    let number = parts.reduce(0) { $0 << 8 | $1 }
    let mask = UInt32.max << UInt32(32 - address.prefixLength)
    let last = (number | ~mask) - 1
    let text = [24, 16, 8, 0].map { String(last >> $0 & 255) }.joined(separator: ".")
    return LabAddress(text, prefixLength: address.prefixLength)
  }

  private static func name(of source: String) -> String {
    var path = source[...]
    while path.hasSuffix("/") { path = path.dropLast() }
    let last = path.split(separator: "/").last.map(String.init) ?? "lab"
    let stem = last.split(separator: ".").first.map(String.init) ?? last
    let plain = stem.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return String(plain.prefix(32))
  }
}
