/// The apt repository of the twins: Debian's packages with all that the base image lacks for them.
enum LabPackages {
  /// What playbooks may install; what these depend on comes along.
  static let packages = [
    "haproxy", "keepalived", "containerd", "runc", "containernetworking-plugins", "conntrack",
    "socat", "ebtables", "ethtool", "ipset", "ipvsadm", "etcd-client", "jq", "chrony", "python3",
    "python3-apt", "wireguard-tools", "wireguard-go", "ufw", "nftables", "iptables-persistent",
    "rsync", "cron", "logrotate", "rsyslog", "apt-transport-https", "gnupg", "unzip", "xz-utils",
    "bzip2", "tree", "vim-tiny", "nginx-light", "dnsmasq", "lsof", "bash-completion", "acl",
    "psmisc", "hello",
  ]

  /// The recipe of the repository: a flat one in the folder `repository`.
  static func recipe(of release: LabRelease) -> LabRecipe {
    LabRecipe(
      name: "packages",
      title: "the apt repository of Debian \(release.number)'s packages (about a minute)",
      release: release, inputs: [LabImage.recipe(of: release)],
      script: #"""
        packages="\#(packages.joined(separator: " "))"
        debian_apt
        # One by one: packages that can't be installed together can lie in one repository.
        for package in $packages; do
          apt -o Dir::State::status="$BASE/root/var/lib/dpkg/status" -y --download-only \
            --no-install-recommends install "$package"
        done
        mkdir repository
        mv apt/archives/*.deb repository/
        rm -rf apt
        repository repository Debian
        """#)
  }
}
