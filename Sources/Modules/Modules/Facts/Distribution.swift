internal import OrderedCollections
internal import Values

/// Which Linux this is, by Ansible's names.
struct Distribution: Hashable, Sendable {
  var name = "NA"
  var version = "NA"
  var release = "NA"
  var family = ""

  init(_ sections: FactSections) {
    let system = sections.pairs("os-release")
    let id = system["ID"] ?? ""
    version = system["VERSION_ID"] ?? "NA"
    release = system["VERSION_CODENAME"] ?? Self.parenthesized(system["VERSION"] ?? "")
    name = Self.names[id] ?? system["NAME"].map(Self.firstWord) ?? "NA"
    switch id {
    case "debian":
      // os-release has the major number alone; a testing system names no number here.
      let exact = sections.first("debian")
      if exact.first?.isNumber == true { version = exact }
    case "rhel", "centos", "rocky", "almalinux", "ol", "fedora", "scientific":
      let line = sections.first("redhat")
      let shown = Self.parenthesized(line)
      if shown != "NA" { release = shown }
      if let number = FactSections.words(line).first(where: { $0.first?.isNumber == true }) {
        version = number
      }
    case "alpine":
      let exact = sections.first("alpine")
      if !exact.isEmpty { version = exact }
    default: break
    }
    family = Self.family(name, like: system["ID_LIKE"] ?? "")
  }

  private static let names = [
    "debian": "Debian", "ubuntu": "Ubuntu", "raspbian": "Debian", "linuxmint": "Linux Mint",
    "rhel": "RedHat", "centos": "CentOS", "rocky": "Rocky", "almalinux": "AlmaLinux",
    "ol": "OracleLinux", "fedora": "Fedora", "amzn": "Amazon", "alpine": "Alpine",
    "arch": "Archlinux", "opensuse-leap": "openSUSE Leap",
    "opensuse-tumbleweed": "openSUSE Tumbleweed", "sles": "SLES", "gentoo": "Gentoo",
    "flatcar": "Flatcar", "kali": "Kali", "pop": "Pop!_OS",
  ]

  private static let families: [(family: String, names: [String])] = [
    ("Debian", ["Debian", "Ubuntu", "Linux Mint", "Kali", "Pop!_OS", "Devuan", "Raspbian"]),
    (
      "RedHat",
      ["RedHat", "CentOS", "Rocky", "AlmaLinux", "OracleLinux", "Fedora", "Amazon", "Scientific"]
    ),
    ("Suse", ["openSUSE Leap", "openSUSE Tumbleweed", "SLES"]),
    ("Archlinux", ["Archlinux", "Manjaro"]), ("Alpine", ["Alpine"]), ("Gentoo", ["Gentoo"]),
    ("Flatcar", ["Flatcar"]),
  ]

  private static func family(_ name: String, like: String) -> String {
    if let known = families.first(where: { $0.names.contains(name) }) { return known.family }
    let parents = FactSections.words(like)
    if parents.contains("debian") || parents.contains("ubuntu") { return "Debian" }
    if parents.contains("rhel") || parents.contains("fedora") { return "RedHat" }
    if parents.contains("suse") { return "Suse" }
    return name
  }

  private static func parenthesized(_ text: String) -> String {
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close
    else { return "NA" }
    return String(text[text.index(after: open)..<close])
  }

  private static func firstWord(_ text: String) -> String {
    FactSections.words(text).first ?? text
  }

  /// The facts that say it.
  var facts: Facts {
    let parts = version.split(separator: ".").map(String.init)
    var facts: Facts = [
      "distribution": .string(name), "distribution_release": .string(release),
      "distribution_version": .string(version),
      "distribution_major_version": .string(parts.first ?? "NA"),
      "distribution_file_variety": .string(name), "os_family": .string(family),
    ]
    if parts.count > 1 { facts["distribution_minor_version"] = .string(parts[1]) }
    return facts
  }
}
