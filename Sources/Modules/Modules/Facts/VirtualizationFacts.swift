internal import OrderedCollections
internal import Values

/// What this machine runs in or on; the usual cases, by the words Ansible has for them.
struct VirtualizationFacts: Sendable {
  let sections: FactSections

  var facts: Facts {
    let (type, role) = kind
    let guests =
      role == "guest" ? (Self.containers.contains(type) ? ["container"] : []) + [type] : []
    let hosts = sections.lines("virtual").contains("kvm-host") ? ["kvm"] : []
    var unique: [String] = []
    for guest in guests where !unique.contains(guest) { unique.append(guest) }
    return [
      "virtualization_type": .string(type), "virtualization_role": .string(role),
      "virtualization_tech_guest": .strings(unique), "virtualization_tech_host": .strings(hosts),
    ]
  }

  private static let containers = ["docker", "podman", "lxc", "container"]

  private var kind: (type: String, role: String) {
    let lines = sections.lines("virtual")
    let known = sections.pairs("virtual")
    if lines.contains("docker") { return ("docker", "guest") }
    if lines.contains("podman") { return ("podman", "guest") }
    if let container = known["container"] {
      let named = ["lxc", "podman", "docker"].first { container.hasPrefix($0) }
      return (named ?? "container", "guest")
    }
    if lines.contains("lxc") { return ("lxc", "guest") }
    if lines.contains("xen") { return ("xen", "guest") }
    if let machine = Self.machine(known) { return (machine, "guest") }
    if lines.contains(where: { $0.contains("QEMU") }) { return ("kvm", "guest") }
    if lines.contains("kvm-host") { return ("kvm", "host") }
    return lines.contains("hypervisor") ? ("kvm", "guest") : ("NA", "NA")
  }

  private static func machine(_ known: [String: String]) -> String? {
    let product = known["product_name"] ?? ""
    let vendor = known["sys_vendor"] ?? ""
    if ["KVM", "KVM Server", "Bochs", "AHV"].contains(product) { return "kvm" }
    if product.hasPrefix("VMware") || vendor.hasPrefix("VMware") { return "VMware" }
    if product.contains("VirtualBox") || known["bios_vendor"] == "innotek GmbH" {
      return "virtualbox"
    }
    if product == "OpenStack Compute" || product == "OpenStack Nova" { return "openstack" }
    if product == "Virtual Machine", vendor == "Microsoft Corporation" { return "VirtualPC" }
    if product.contains("HVM domU") || vendor == "Xen" { return "xen" }
    let kvmVendors = [
      "QEMU", "Amazon EC2", "DigitalOcean", "Google", "Hetzner", "Linode", "Scaleway",
    ]
    return kvmVendors.contains(vendor) ? "kvm" : nil
  }
}
