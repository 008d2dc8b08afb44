internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `setup`: facts about a host.
struct Setup: Module {
  static let documentation = ModuleDocumentation(
    name: "setup", aliases: ["gather_facts"],
    summary: "Gathers facts about a host, by shell alone.",
    notes: [
      "Facts have Ansible's names and values, as far as the host tells them without Python: there "
        + "is no `ansible_python`, no `ansible_local` (`facts.d`), no `facter` and no `ohai`.",
      "In a plan the facts are those of now, even where an earlier task will change them.",
    ],
    arguments: [
      ArgumentSpecification(
        "gather_subset", .list,
        "`all`, `min`, `hardware`, `network`, `virtual`; `!` in front leaves one out.",
        default: ["all"]),
      ArgumentSpecification(
        "filter", .list, "Names of facts to keep, `*` and `?` for any text.", default: []),
      ArgumentSpecification(
        "gather_timeout", .integer, "Taken for compatibility; slow mounts wait 2 seconds.",
        default: 10),
    ],
    results: [("ansible_facts", "The facts, each with `ansible_` in front.")],
    example: """
      - setup:
          gather_subset: ['!all', network]
      """)

  private let subsets: Set<FactScript.Subset>
  private let chosen: [String]
  private let filters: [FileNamePattern]

  init(_ arguments: Arguments) throws(ArgumentError) {
    chosen = try arguments.strings("gather_subset") ?? ["all"]
    subsets = try Self.subsets(chosen)
    filters = (try arguments.strings("filter") ?? []).filter { !$0.isEmpty }
      .map { FileNamePattern($0) }
    _ = try arguments.integer("gather_timeout")
  }

  /// Ansible's finer words, each by the subset that gathers it here.
  private static let finer: [String: FactScript.Subset] = [
    "all_ipv4_addresses": .network, "all_ipv6_addresses": .network, "interfaces": .network,
    "default_ipv4": .network, "default_ipv6": .network, "devices": .hardware, "dmi": .hardware,
    "mounts": .hardware, "processor": .hardware, "processor_cores": .hardware,
    "processor_count": .hardware, "memory": .hardware, "virtualization_type": .virtual,
    "virtualization_role": .virtual, "virtualization_tech_guest": .virtual,
    "virtualization_tech_host": .virtual, "distribution": .min, "platform": .min, "system": .min,
    "kernel": .min, "pkg_mgr": .min, "service_mgr": .min, "date_time": .min, "user": .min,
    "env": .min, "dns": .min, "lsb": .min, "selinux": .min, "apparmor": .min, "cmdline": .min,
    "fips": .min, "ssh_pub_keys": .min, "hostname": .min, "nodename": .min, "fqdn": .min,
    "domain": .min, "machine": .min, "machine_id": .min, "architecture": .min, "loadavg": .min,
    "user_id": .min,
  ]

  private static func subsets(_ names: [String]) throws(ArgumentError) -> Set<FactScript.Subset> {
    var added: Set<FactScript.Subset> = []
    var removed: Set<FactScript.Subset> = []
    for name in names {
      let isRemoved = name.hasPrefix("!")
      let bare = isRemoved ? String(name.dropFirst()) : name
      let meant: Set<FactScript.Subset>
      if bare == "all" {
        // `!all` still leaves the minimum.
        meant = isRemoved ? [.hardware, .network, .virtual] : Set(FactScript.Subset.allCases)
      } else if let subset = FactScript.Subset(rawValue: bare) ?? finer[bare] {
        meant = [subset]
      } else if isRemoved, bare == "facter" || bare == "ohai" {
        meant = []
      } else {
        throw ArgumentError(
          argument: "gather_subset", "`gather_subset` knows no `\(bare)`",
          help: "it takes all, min, hardware, network and virtual")
      }
      if isRemoved { removed.formUnion(meant) } else { added.formUnion(meant) }
    }
    let isOnlyRemoval = !names.contains { !$0.hasPrefix("!") }
    if isOnlyRemoval { added = Set(FactScript.Subset.allCases) }
    var subsets = added.subtracting(removed)
    if !removed.contains(.min) { subsets.insert(.min) }
    // What is asked for by name stays, whatever else is taken out.
    for name in names {
      if let subset = FactScript.Subset(rawValue: name) { subsets.insert(subset) }
    }
    return subsets
  }

  var probe: Probe<FactSections> {
    let script = FactScript(subsets: subsets).text
    return Probe(
      Query(script, about: [.facts]) { (output) throws(HostError) in
        FactSections(output.text)
      })
  }

  func diff(from current: FactSections) -> Change {
    var facts: Facts = [:]
    if subsets.contains(.min) {
      facts.merge(SystemFacts(sections: current).facts) { $1 }
      facts.merge(AccountFacts(sections: current).facts) { $1 }
    }
    if subsets.contains(.hardware) { facts.merge(HardwareFacts(sections: current).facts) { $1 } }
    if subsets.contains(.network) { facts.merge(NetworkFacts(sections: current).facts) { $1 } }
    if subsets.contains(.virtual) {
      facts.merge(VirtualizationFacts(sections: current).facts) { $1 }
    }
    if !filters.isEmpty {
      facts = facts.filter { fact in
        filters.contains { $0.matches(fact.key) || $0.matches("ansible_" + fact.key) }
      }
    }
    facts["gather_subset"] = .strings(chosen)
    facts["module_setup"] = true
    let shown = Facts(
      facts.map {
        (
          ["gather_subset", "module_setup"].contains($0.key) ? $0.key : "ansible_" + $0.key,
          $0.value
        )
      }, uniquingKeysWith: { $1 })
    return Change(result: ["ansible_facts": .object(shown)], effects: [.facts(shown)])
  }
}
