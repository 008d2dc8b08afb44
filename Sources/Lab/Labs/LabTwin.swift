import FoundationEssentials
import Glibc

/// The twin of one host: a container with a disk, a network and control groups of its own.
struct LabTwin: Sendable {
  /// The host whose twin it is.
  let host: LabHost
  /// The lab's specification.
  let specification: LabSpecification
  /// Where the lab keeps its disks.
  let state: LabState
  /// Where the base image, the repositories and the container images are.
  let cache: LabCache
  /// The control groups of this machine.
  let cgroups: LabCgroups

  /// The folder of the twin's disk and console.
  var disk: String { state.disk(of: host) }

  /// The twin's root folder as this machine sees it.
  var root: String { "\(disk)/root" }

  /// What the twin has printed since it started.
  var consolePath: String { "\(disk)/console.log" }

  /// The folders that must lie on a real disk, for overlays refuse overlays, and their places.
  static let real = [
    "containerd": "/var/lib/containerd", "kubelet": "/var/lib/kubelet",
    "etcd": "/var/lib/etcd",
  ]

  /// Makes the disk with the user, the keys and the container images. Returns the public host key.
  func make(authorizedKey: String) throws(LabError) -> String {
    for folder in ["upper", "work", "root", "kubelet"] {
      try LabFiles.makeFolder("\(disk)/\(folder)")
    }
    try LabFiles.makeFolder("\(disk)/etcd", mode: 0o700)
    let base = cache.path(of: LabImage.recipe(of: host.release)) + "/root"
    let layers = "lowerdir=\(base),upperdir=\(disk)/upper,workdir=\(disk)/work"
    try LabCommand(["mount", "-t", "overlay", "overlay", "-o", layers, root]).run()
    try copyImages()
    try LabFiles.write("\(host.hostname)\n", to: "\(root)/etc/hostname")
    try LabFiles.write(
      "127.0.0.1 localhost\n127.0.1.1 \(host.hostname)\n", to: "\(root)/etc/hosts")
    try LabFiles.write(
      "Port \(host.port)\n", to: "\(root)/etc/ssh/sshd_config.d/lab.conf")
    let identifier = UUID().uuidString.lowercased().filter { $0 != "-" }
    try LabFiles.write("\(identifier)\n", to: "\(root)/etc/machine-id", mode: 0o444)
    try makeModules()
    let setUp = LabCommand(
      ["chroot", root, "/bin/sh", "-s"],
      environment: [
        "LAB_USER": host.user, "LAB_PASSWORD": host.sudoPassword ?? "",
        "LAB_KEY": authorizedKey,
      ], input: LabTwin.setUp)
    try setUp.run()
    guard let key = LabFiles.read("\(root)/etc/ssh/ssh_host_ed25519_key.pub") else {
      throw LabError(.commandFailed, "host \(host.name): no ssh host key was made")
    }
    return key.split(separator: " ").prefix(2).joined(separator: " ")
  }

  private static let setUp = #"""
    set -eu
    if [ "$LAB_USER" != root ]; then
      useradd --create-home --shell /bin/bash "$LAB_USER"
      password=
      [ -n "$LAB_PASSWORD" ] || password=NOPASSWD:
      echo "$LAB_USER ALL=(ALL:ALL) ${password}ALL" > "/etc/sudoers.d/$LAB_USER"
      chmod 440 "/etc/sudoers.d/$LAB_USER"
    fi
    [ -z "$LAB_PASSWORD" ] || printf '%s:%s\n' "$LAB_USER" "$LAB_PASSWORD" | chpasswd
    home=$(getent passwd "$LAB_USER" | cut -d: -f6)
    install -d -m 700 -o "$LAB_USER" -g "$LAB_USER" "$home/.ssh"
    echo "$LAB_KEY" > "$home/.ssh/authorized_keys"
    chown "$LAB_USER:" "$home/.ssh/authorized_keys"
    chmod 600 "$home/.ssh/authorized_keys"
    # One kind of host key, so that every client meets the one in the lab's known_hosts.
    ssh-keygen -q -t ed25519 -N '' -C "$(cat /etc/hostname)" -f /etc/ssh/ssh_host_ed25519_key
    """#

  /// Copies the containerd root that holds the images. Layers are never written to, so they are
  /// linked; the databases are copied.
  private func copyImages() throws(LabError) {
    let images = cache.path(of: LabContainerImages.recipe) + "/containerd"
    let copy = "\(disk)/containerd"
    try LabCommand(["cp", "-al", images, copy]).run()
    let databases = try LabCommand(["find", images, "-name", "*.db", "-printf", "%P\\n"]).run()
    for database in databases.split(separator: "\n") {
      try LabCommand([
        "cp", "-a", "--remove-destination", "\(images)/\(database)", "\(copy)/\(database)",
      ]).run()
    }
  }

  /// Lists the kernel's own modules, so that `modprobe` says true of them. A machine with loadable
  /// modules lends its folder instead.
  private func makeModules() throws(LabError) {
    let release = LabKernel.release
    guard !LabFiles.exists("/lib/modules/\(release)") else { return }
    let folder = "\(root)/usr/lib/modules/\(release)"
    try LabFiles.makeFolder(folder)
    try LabFiles.write(
      LabKernel.listing(of: LabKernel.ofThisMachine()), to: "\(folder)/modules.builtin")
    try LabFiles.write("", to: "\(folder)/modules.order")
    try LabCommand(["chroot", root, "depmod", release]).run()
  }

  /// The systemd-nspawn that runs the twin.
  var nspawn: [String] {
    var arguments = [
      "systemd-nspawn", "--quiet", "--settings=no", "--register=no", "--keep-unit", "--boot",
      "--console=pipe", "--directory=\(root)", "--machine=\(specification.machine(of: host))",
      "--hostname=\(host.hostname)", "--resolv-conf=off", "--timezone=off", "--link-journal=no",
      "--network-namespace-path=/run/netns/"
        + LabNetwork(specification: specification).namespace(of: host),
      // The kubelet and runc need what a machine's root may do.
      "--capability=all", "--system-call-filter=@mount @keyring @module bpf perf_event_open",
      "--bind-ro=\(cache.path(of: LabPackages.recipe(of: host.release)))/repository:/srv/apt",
      "--bind-ro=\(cache.path(of: LabKubernetesPackages.recipe))/repository:/srv/apt-kubernetes",
    ]
    for (name, path) in LabTwin.real.sorted(by: { $0.key < $1.key }) {
      arguments.append("--bind=\(disk)/\(name):\(path)")
    }
    for device in ["/dev/kmsg", "/dev/net/tun", "/dev/fuse"] where LabFiles.exists(device) {
      arguments.append("--bind=\(device)")
    }
    if LabFiles.exists("/lib/modules/\(LabKernel.release)") {
      arguments.append("--bind-ro=/lib/modules")
    }
    return arguments + host.release.systemdArguments(unified: cgroups.isUnified)
  }

  /// Starts the twin's systemd, detached from this process; its processes are found by its cgroups.
  func start() throws(LabError) {
    try cgroups.make(for: host.name, of: specification.label)
    let branches = cgroups.branches(of: specification.label, host: host.name)
    try LabCommand(
      ["setsid", "--fork", "sh", "-c", LabTwin.supervision, "lab-twin", consolePath] + branches
        + ["--"] + nspawn,
      environment: ["SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network"]
    ).run()
  }

  /// Runs systemd-nspawn in the given branches, and again when the container wants to start anew.
  /// The shell itself stays outside: a branch of version 2 can't hold processes and branches.
  private static let supervision = #"""
    cd /
    exec < /dev/null > "$1" 2>&1
    shift
    while true; do
      (
        while [ "$1" != -- ]; do
          echo 0 > "$1/cgroup.procs" || exit 1
          shift
        done
        shift
        exec "$@"
      )
      # systemd-nspawn's exit status for a container that reboots.
      [ $? = 133 ] || exit 0
    done
    """#
}
