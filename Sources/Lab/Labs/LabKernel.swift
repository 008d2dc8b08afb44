import Glibc

/// What this machine's kernel can do, told to the twins so that `modprobe` is right in them.
enum LabKernel {
  /// Modules by the option that builds them; it says `y` when they are in the kernel itself.
  static let options = [
    "BRIDGE_NETFILTER": "br_netfilter", "OVERLAY_FS": "overlay", "BRIDGE": "bridge", "TUN": "tun",
    "VETH": "veth", "NF_CONNTRACK": "nf_conntrack", "NF_NAT": "nf_nat", "NF_TABLES": "nf_tables",
    "IP_NF_IPTABLES": "ip_tables", "IP_NF_FILTER": "iptable_filter", "IP_NF_NAT": "iptable_nat",
    "IP_NF_MANGLE": "iptable_mangle", "IP6_NF_IPTABLES": "ip6_tables",
    "NETFILTER_XT_MATCH_CONNTRACK": "xt_conntrack", "NETFILTER_XT_MARK": "xt_mark",
    "IP_SET": "ip_set", "IP_VS": "ip_vs", "IP_VS_RR": "ip_vs_rr", "IP_VS_WRR": "ip_vs_wrr",
    "IP_VS_SH": "ip_vs_sh", "WIREGUARD": "wireguard", "DUMMY": "dummy", "VXLAN": "vxlan",
    "VLAN_8021Q": "8021q", "BONDING": "bonding", "FUSE_FS": "fuse", "BLK_DEV_LOOP": "loop",
  ]

  /// The release, as `uname -r` prints it.
  static var release: String {
    var names = utsname()
    uname(&names)
    return withUnsafeBytes(of: &names.release) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// The modules that are in the kernel itself, out of its configuration's text and of /sys/module.
  static func builtIn(configuration: String, loaded: [String]) -> [String] {
    var modules = Set(loaded)
    for line in configuration.split(separator: "\n") where line.hasSuffix("=y") {
      if let module = options[String(line.dropFirst("CONFIG_".count).dropLast(2))] {
        modules.insert(module)
      }
    }
    return modules.sorted()
  }

  /// The text of `modules.builtin`, in which `modprobe` finds that there is nothing to load.
  static func listing(of modules: [String]) -> String {
    modules.map { "kernel/\($0).ko\n" }.joined()
  }

  /// How many inotify instances root's processes may have together. Twins share root's account, and a
  /// kubelet alone takes some twenty; the kernel's 128 are used up by the fourth node.
  private static let inotifyInstances = 8192

  /// Raises the limit where it is lower. It is the machine's and stays until it starts anew: a higher
  /// one costs nothing, and lowering it would harm whoever came to rely on it.
  static func raiseLimits() {
    let path = "/proc/sys/fs/inotify/max_user_instances"
    guard let now = LabFiles.read(path).flatMap({ Int($0.filter(\.isNumber)) }),
      now < inotifyInstances, let file = fopen(path, "w")
    else { return }
    fputs("\(inotifyInstances)\n", file)
    fclose(file)
  }

  /// The modules of the running kernel when it has no folder of loadable ones.
  static func ofThisMachine() -> [String] {
    var configuration = ""
    if let result = try? LabCommand(["zcat", "/proc/config.gz"]).attempt(), result.status == 0 {
      configuration = result.output
    }
    return builtIn(configuration: configuration, loaded: LabFiles.names(in: "/sys/module"))
  }
}
