/// The shell that gathers facts: sections, each after a line `@@NAME`.
///
/// Reads files and asks small programs; needs no Python, and each line may fail without harm.
struct FactScript: Sendable {
  /// What `gather_subset` chooses among; `min` is what nearly all tasks need.
  enum Subset: String, CaseIterable, Sendable {
    case min, hardware, network, virtual
  }

  var subsets: Set<Subset>

  var text: String {
    var text =
      "PATH=$PATH:/usr/sbin:/sbin; export PATH\ns() { printf '\\n@@%s\\n' \"$1\"; }\n"
      // A file's first line after a tab, by the shell's own means: a process each would take long.
      + "r() { v=; [ -r \"$1\" ] && IFS= read -r v < \"$1\"; printf '\\t%s' \"$v\"; }\n"
    for subset in Subset.allCases where subsets.contains(subset) {
      for (name, commands) in Self.sections(of: subset) {
        text += "s \(name)\n\(commands)\n"
      }
    }
    return "{ \(text):; } 2>/dev/null"
  }

  private static func sections(of subset: Subset) -> [(String, String)] {
    switch subset {
    case .min: system + account
    case .hardware: hardware
    case .network: network
    case .virtual: virtual
    }
  }

  private static let system = [
    ("uname", "uname -s; uname -n; uname -r; uname -v; uname -m"),
    ("os-release", "cat /etc/os-release || cat /usr/lib/os-release"),
    ("debian", "cat /etc/debian_version"),
    ("redhat", "cat /etc/redhat-release"),
    ("alpine", "cat /etc/alpine-release"),
    ("lsb", "command -v lsb_release"),
    (
      "names",
      """
      n=$(uname -n); if command -v getent >/dev/null; then
      a=$(getent ahosts "$n" | head -n 1 | cut -d ' ' -f 1); getent hosts "${a:-$n}"
      else hostname -f; fi
      """
    ),
    ("bits", "getconf LONG_BIT"),
    (
      "init",
      "cat /proc/1/comm; [ -d /run/systemd/system ] && echo systemd-booted; readlink /sbin/init"
    ),
    (
      "packages",
      """
      for p in apt-get dnf5 dnf microdnf yum zypper pacman apk opkg xbps-install emerge
      do command -v $p; done
      """
    ),
    ("machine-id", "cat /etc/machine-id || cat /var/lib/dbus/machine-id"),
    (
      "selinux",
      "if [ -e /sys/fs/selinux/enforce ]; then cat /sys/fs/selinux/enforce /etc/selinux/config; fi"
    ),
    ("apparmor", "[ -d /sys/kernel/security/apparmor ] && echo enabled"),
    ("fips", "cat /proc/sys/crypto/fips_enabled"),
    ("cmdline", "cat /proc/cmdline"),
    ("dns", "cat /etc/resolv.conf"),
    ("load", "cat /proc/loadavg"),
    (
      "host-keys",
      """
      for t in dsa rsa ecdsa ed25519; do
      for d in /etc/ssh /etc/openssh /etc; do
      f=$d/ssh_host_${t}_key.pub; [ -r $f ] && { printf '%s ' $t; head -n 1 $f; break; }; done; done
      """
    ),
  ]

  private static let account = [
    (
      "user", "id -un; id -u; id -g; getent passwd \"$(id -u)\" || grep \"^$(id -un):\" /etc/passwd"
    ),
    (
      "date",
      """
      date '+%Y-%m-%d %H:%M:%S %s %Z %z %A %w %W'; date -u +%Y-%m-%dT%H:%M:%SZ
      date '+%Y%m%dT%H%M%S'; date +%N
      """
    ),
    // Values may hold newlines: entries end with one, theirs become U+0001.
    ("env", "env -0 | tr '\\n\\000' '\\001\\n'"),
  ]

  private static let hardware = [
    (
      "cpu",
      """
      k='processor|vendor_id|model name|physical id|siblings|cpu cores|core id|Processor|cpu'
      grep -E "^($k)[[:space:]]*:" /proc/cpuinfo
      """
    ),
    ("nproc", "nproc"),
    (
      "memory",
      "grep -E '^(MemTotal|MemFree|Buffers|Cached|SwapTotal|SwapFree|SwapCached):' /proc/meminfo"
    ),
    ("uptime", "cat /proc/uptime"),
    (
      "dmi",
      """
      cd /sys/class/dmi/id && for f in \
      bios_date bios_vendor bios_version board_asset_tag board_name \
      board_serial board_vendor board_version chassis_asset_tag chassis_serial chassis_vendor \
      chassis_version product_name product_serial product_uuid product_version sys_vendor
      do printf '%s=%s\\n' $f "$(cat $f)"; done; cd /
      """
    ),
    // A dead network mount must not hold up the rest.
    (
      "mounts",
      """
      w=; command -v timeout >/dev/null && w='timeout 2'
      grep -E '^(/|[^ ]+:/)' /proc/mounts | while read -r d m t o u p; do
      i=$($w stat -f -c '%S %s %b %a %f %c %d' "$(printf %b "$m")")
      b=N/A; for k in /dev/disk/by-uuid/*; do
      [ -e "$k" ] && [ "$(readlink -f "$k")" = "$(readlink -f "$d")" ] && b=${k##*/}; done
      printf '%s %s %s %s %s %s %s %s\\n' "$d" "$m" "$t" "$o" "$u" "$p" "$b" "$i"; done
      """
    ),
    (
      "disks",
      """
      for d in /sys/block/*; do [ -e "$d/size" ] || continue
      printf '%s' "${d##*/}"; for f in size removable queue/rotational queue/logical_block_size \
      device/model device/vendor; do r "$d/$f"; done
      for p in "$d"/*/partition; do [ -e "$p" ] || continue; p=${p%/partition}
      printf '\\t%s:%s:%s' "${p##*/}" "$(cat "$p/size")" "$(cat "$p/start")"; done; echo; done
      """
    ),
  ]

  private static let network = [
    ("addresses", "ip -o addr show || ifconfig -a"),
    (
      "interfaces",
      """
      for d in /sys/class/net/*; do [ -d "$d" ] || continue; k=
      [ -d "$d/bridge" ] && k=bridge; [ -d "$d/bonding" ] && k=bonding
      printf '%s' "${d##*/}"; for f in address mtu operstate flags type; do r "$d/$f"; done
      printf '\\t%s' "$k"; r "$d/speed"; echo; done
      """
    ),
    ("route4", "ip -4 route get 8.8.8.8"),
    ("route6", "ip -6 route get 2404:6800:400a:800::1012"),
  ]

  private static let virtual = [
    (
      "virtual",
      """
      [ -e /.dockerenv ] || [ -e /.dockerinit ] && echo docker
      [ -e /run/.containerenv ] && echo podman
      tr '\\000' '\\n' < /proc/1/environ | grep '^container='
      [ -r /run/systemd/container ] && printf 'container=%s\\n' "$(cat /run/systemd/container)"
      grep -qE '/docker(/|-[0-9a-f]+\\.scope)' /proc/1/cgroup && echo docker
      grep -qE '/(lxc|machine.slice/machine-lxc)' /proc/1/cgroup && echo lxc
      [ -d /proc/xen ] && echo xen
      [ -e /dev/kvm ] && echo kvm-host
      grep -q '^flags.* hypervisor' /proc/cpuinfo && echo hypervisor
      for f in product_name sys_vendor bios_vendor product_family; do
      printf '%s=%s\\n' $f "$(cat /sys/class/dmi/id/$f)"; done
      grep -m 1 -E '^(model name|vendor_id).*(QEMU|User Mode Linux|PowerVM)' /proc/cpuinfo
      """
    )
  ]
}
