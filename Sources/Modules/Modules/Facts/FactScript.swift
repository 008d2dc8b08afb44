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
    var text = Self.functions
    for subset in Subset.allCases where subsets.contains(subset) {
      for (name, commands) in Self.sections(of: subset) {
        text += "s \(name)\n\(commands)\n"
      }
    }
    return "{ \(text):; } 2>/dev/null"
  }

  /// What small files say is read by the shell itself: a program for each would take most of the
  /// script's time. `f` reads a file's first line, `r` says it after a tab, `e` after a name and
  /// `=`; `c` says all lines.
  private static let functions = #"""
    PATH=$PATH:/usr/sbin:/sbin; export PATH
    s() { printf '\n@@%s\n' "$1"; }
    f() { v=; [ -r "$1" ] && IFS= read -r v < "$1"; [ -n "$v" ]; }
    r() { f "$1"; printf '\t%s' "$v"; }
    e() { f "$2"; printf '%s=%s\n' "$1" "$v"; }
    c() {
    [ -r "$1" ] && while IFS= read -r v || [ -n "$v" ]; do printf '%s\n' "$v"; done < "$1"; }

    """#

  private static func sections(of subset: Subset) -> [(String, String)] {
    switch subset {
    case .min: system + account
    case .hardware: hardware
    case .network: network
    case .virtual: virtual
    }
  }

  private static let system = [
    (
      "uname",
      """
      k=/proc/sys/kernel; if f $k/hostname; then n=$v
      c $k/ostype; echo "$n"; c $k/osrelease; c $k/version
      else n=$(uname -n); uname -s; echo "$n"; uname -r; uname -v; fi; uname -m
      """
    ),
    ("os-release", "c /etc/os-release || c /usr/lib/os-release"),
    ("debian", "c /etc/debian_version"),
    ("redhat", "c /etc/redhat-release"),
    ("alpine", "c /etc/alpine-release"),
    ("lsb", "command -v lsb_release"),
    (
      "names",
      """
      if command -v getent >/dev/null; then a=$(getent ahosts "$n"); a=${a%% *}
      getent hosts "${a:-$n}"; else hostname -f; fi
      """
    ),
    ("bits", "getconf LONG_BIT"),
    (
      "init",
      "c /proc/1/comm; [ -d /run/systemd/system ] && echo systemd-booted; readlink /sbin/init"
    ),
    (
      "packages",
      """
      for p in apt-get dnf5 dnf microdnf yum zypper pacman apk opkg xbps-install emerge
      do command -v $p; done
      """
    ),
    ("machine-id", "c /etc/machine-id || c /var/lib/dbus/machine-id"),
    (
      "selinux",
      "if [ -e /sys/fs/selinux/enforce ]; then c /sys/fs/selinux/enforce; c /etc/selinux/config; fi"
    ),
    ("apparmor", "[ -d /sys/kernel/security/apparmor ] && echo enabled"),
    ("fips", "c /proc/sys/crypto/fips_enabled"),
    ("cmdline", "c /proc/cmdline"),
    ("dns", "c /etc/resolv.conf"),
    ("load", "c /proc/loadavg"),
    (
      "host-keys",
      #"""
      for t in dsa rsa ecdsa ed25519; do
      for d in /etc/ssh /etc/openssh /etc; do
      f $d/ssh_host_${t}_key.pub && { printf '%s %s\n' $t "$v"; break; }; done; done
      """#
    ),
  ]

  private static let account = [
    (
      "user",
      """
      u=$(id); i=${u#uid=}; i=${i%%[!0-9]*}; g=${u#*gid=}; g=${g%%[!0-9]*}
      case $u in "uid=$i("*) u=${u#*(}; u=${u%%)*} ;; *) u=$i ;; esac
      echo "$u"; echo "$i"; echo "$g"
      getent passwd "$i" || grep "^$u:" /etc/passwd
      """
    ),
    ("date", "date '+%Y-%m-%d %H:%M:%S %s %Z %z %A %w %W %N'"),
    // Values may hold newlines: entries end with one, theirs become U+0001.
    ("env", #"env -0 | tr '\n\000' '\001\n'"#),
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
    ("uptime", "c /proc/uptime"),
    (
      "dmi",
      #"""
      for k in bios_date bios_vendor bios_version board_asset_tag board_name \
      board_serial board_vendor board_version chassis_asset_tag chassis_serial chassis_vendor \
      chassis_version product_name product_serial product_uuid product_version sys_vendor
      do e $k /sys/class/dmi/id/$k; done
      """#
    ),
    // Lines `m MOUNT…` and `s SIZES…`. A dead network mount must not hold up the rest.
    (
      "mounts",
      #"""
      w=; command -v timeout >/dev/null && w='timeout 2'
      z() { $w stat -f -c 's %S %s %b %a %f %c %d %n' "$@"; }
      l=$(grep -E '^(/|[^ ]+:/)' /proc/mounts); set --
      while read -r d m t o u p; do [ -n "$m" ] || continue
      b=N/A; for k in /dev/disk/by-uuid/*; do [ "$k" -ef "$d" ] && b=${k##*/}; done
      printf '%s\n' "m $d $m $t $o $u $p $b"
      case $m in *\\*) m=$(printf %b "$m") ;; esac
      case $d in /*) set -- "$@" "$m" ;; *) z "$m" ;; esac; done <<END
      $l
      END
      [ $# = 0 ] || z "$@"
      """#
    ),
    (
      "disks",
      #"""
      for d in /sys/block/*; do [ -e "$d/size" ] || continue
      printf '%s' "${d##*/}"; for f in size removable queue/rotational queue/logical_block_size \
      device/model device/vendor; do r "$d/$f"; done
      for p in "$d"/*/partition; do [ -e "$p" ] || continue; p=${p%/partition}
      f "$p/size"; t=$v; f "$p/start"; printf '\t%s:%s:%s' "${p##*/}" "$t" "$v"; done; echo; done
      """#
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
      #"""
      [ -e /.dockerenv ] || [ -e /.dockerinit ] && echo docker
      [ -e /run/.containerenv ] && echo podman
      [ -r /proc/1/environ ] && tr '\000' '\n' < /proc/1/environ | grep '^container='
      [ -r /run/systemd/container ] && e container /run/systemd/container
      while IFS= read -r v; do case $v in
      */docker/* | */docker-*.scope*) echo docker ;;
      */lxc* | */machine.slice/machine-lxc*) echo lxc ;;
      esac; done < /proc/1/cgroup
      [ -d /proc/xen ] && echo xen
      [ -e /dev/kvm ] && echo kvm-host
      grep -q '^flags.* hypervisor' /proc/cpuinfo && echo hypervisor
      for k in product_name sys_vendor bios_vendor product_family; do
      e $k /sys/class/dmi/id/$k; done
      grep -m 1 -E '^(model name|vendor_id).*(QEMU|User Mode Linux|PowerVM)' /proc/cpuinfo
      """#
    )
  ]
}
