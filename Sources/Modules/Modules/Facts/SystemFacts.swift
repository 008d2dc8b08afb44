internal import OrderedCollections
internal import Values

/// Kernel, names, service and package managers, and whatever else is small.
struct SystemFacts: Sendable {
  let sections: FactSections

  var facts: Facts {
    var facts = kernel
    facts.merge(Distribution(sections).facts) { $1 }
    facts.merge(managers) { $1 }
    facts.merge(security) { $1 }
    facts.merge(settings) { $1 }
    facts.merge(hostKeys) { $1 }
    return facts
  }

  private var kernel: Facts {
    let uname = sections.lines("uname") + ["", "", "", "", ""]
    let names = FactSections.words(sections.first("names"))
    let candidates = names.count > 1 ? Array(names.dropFirst()) : names
    // As Python's getfqdn: the first name with a dot, else the address's own.
    let full = candidates.first { $0.contains(".") } ?? candidates.first ?? uname[1]
    let domain = full.firstIndex(of: ".").map { String(full[full.index(after: $0)...]) } ?? ""
    let bits = sections.first("bits")
    let machine = uname[4]
    let is32 = bits == "32" && machine == "x86_64"
    return [
      "system": .string(uname[0]), "kernel": .string(uname[2]),
      "kernel_version": .string(uname[3]), "nodename": .string(uname[1]),
      "hostname": .string(uname[1].split(separator: ".").first.map(String.init) ?? ""),
      "fqdn": .string(full), "domain": .string(domain), "machine": .string(machine),
      "architecture": .string(machine), "userspace_bits": .string(bits.isEmpty ? "64" : bits),
      "userspace_architecture": .string(is32 ? "i386" : machine),
      "machine_id": .string(sections.first("machine-id")),
    ]
  }

  private var managers: Facts {
    let programs = sections.lines("packages").map { $0.split(separator: "/").last ?? "" }
    let names: [(Substring, String)] = [
      ("apt-get", "apt"), ("dnf5", "dnf5"), ("dnf", "dnf"), ("microdnf", "dnf"), ("yum", "yum"),
      ("zypper", "zypper"), ("pacman", "pacman"), ("apk", "apk"), ("opkg", "opkg"),
      ("xbps-install", "xbps"), ("emerge", "portage"),
    ]
    let package = names.first { programs.contains($0.0) }?.1 ?? "unknown"
    return ["pkg_mgr": .string(package), "service_mgr": .string(serviceManager)]
  }

  private var serviceManager: String {
    let lines = sections.lines("init")
    let first = lines.first ?? ""
    let isBooted = lines.contains("systemd-booted")
    switch first {
    case "runit-init", "runit": return "runit"
    case "svscan", "s6-svscan": return first == "svscan" ? "svc" : "s6"
    case "openrc-init": return "openrc"
    case "init", "sh", "bash", "COMMAND", "":
      if isBooted { return "systemd" }
      let program = lines.last ?? ""
      if program.hasSuffix("openrc-init") { return "openrc" }
      return program.hasSuffix("systemd") ? "systemd" : "sysvinit"
    default: return first
    }
  }

  private var security: Facts {
    var selinux: Facts = ["status": "disabled"]
    if let enforcing = sections.lines("selinux").first, enforcing == "0" || enforcing == "1" {
      let config = sections.pairs("selinux")
      selinux = [
        "status": "enabled", "mode": enforcing == "1" ? "enforcing" : "permissive",
        "config_mode": .string(config["SELINUX"] ?? "unknown"),
        "type": .string(config["SELINUXTYPE"] ?? "unknown"),
      ]
    }
    let apparmor = sections.first("apparmor").isEmpty ? "disabled" : "enabled"
    return [
      "selinux": .object(selinux), "apparmor": ["status": .string(apparmor)],
      "fips": .bool(sections.first("fips") == "1"),
    ]
  }

  private var settings: Facts {
    var facts: Facts = ["dns": .object(dns), "cmdline": .object(commandLine)]
    facts["proc_cmdline"] = facts["cmdline"]
    let load = FactSections.words(sections.first("load")).prefix(3).compactMap(Double.init)
    if load.count == 3 {
      facts["loadavg"] = .object([
        "1m": .float(load[0]), "5m": .float(load[1]), "15m": .float(load[2]),
      ])
    }
    facts["lsb"] = .object(lsb)
    return facts
  }

  private var lsb: Facts {
    guard !sections.first("lsb").isEmpty else { return [:] }
    let system = sections.pairs("os-release")
    let release = system["VERSION_ID"] ?? ""
    return [
      "id": .string(Distribution(sections).name), "release": .string(release),
      "description": .string(system["PRETTY_NAME"] ?? ""),
      "codename": .string(system["VERSION_CODENAME"] ?? ""),
      "major_release": .string(release.split(separator: ".").first.map(String.init) ?? ""),
    ]
  }

  private var dns: Facts {
    var dns: Facts = [:]
    func append(_ key: String, _ values: [String]) {
      dns[key] = .list(
        (dns[key].flatMap { if case .list(let old) = $0 { old } else { nil } } ?? [])
          + values.map { .string($0) })
    }
    for line in sections.lines("dns") where !line.hasPrefix("#") && !line.hasPrefix(";") {
      let words = FactSections.words(line)
      switch words.first {
      case "nameserver"?: append("nameservers", words.dropFirst().prefix(1).map { $0 })
      case "search"?: append("search", Array(words.dropFirst()))
      case "sortlist"?: append("sortlist", Array(words.dropFirst()))
      case "domain"?: if words.count > 1 { dns["domain"] = .string(words[1]) }
      case "options"?:
        let options = words.dropFirst().map { option -> (String, Value) in
          let parts = option.split(separator: ":", maxSplits: 1).map(String.init)
          return (parts[0], parts.count > 1 ? .string(parts[1]) : true)
        }
        dns["options"] = .object(Facts(options, uniquingKeysWith: { $1 }))
      default: break
      }
    }
    return dns
  }

  private var commandLine: Facts {
    var line: Facts = [:]
    for word in FactSections.words(sections.first("cmdline")) {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard let key = parts.first else { continue }
      line[key] = parts.count > 1 ? .string(parts[1]) : true
    }
    return line
  }

  private var hostKeys: Facts {
    var facts: Facts = [:]
    for line in sections.lines("host-keys") {
      let words = FactSections.words(line)
      guard words.count >= 3 else { continue }
      facts["ssh_host_key_\(words[0])_public"] = .string(words[2])
      facts["ssh_host_key_\(words[0])_public_keytype"] = .string(words[1])
    }
    return facts
  }
}
