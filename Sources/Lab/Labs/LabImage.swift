/// The disk that every twin starts from: Debian with systemd and sshd, and no Python.
enum LabImage {
  /// What is on the disk beside Debian's `minbase`. HAProxy, Keepalived, containerd and Kubernetes
  /// aren't: playbooks install them.
  static let packages = [
    "systemd", "systemd-sysv", "dbus", "libpam-systemd", "openssh-server", "sudo", "iproute2",
    "iptables", "procps", "iputils-ping", "ca-certificates", "curl", "kmod", "mount",
    "netcat-openbsd", "openssl", "less",
  ]

  /// The recipe of the disk: the folder `root`.
  static func recipe(of release: LabRelease) -> LabRecipe {
    LabRecipe(
      name: "base",
      title: "the base image, Debian \(release.number) with systemd (about a minute)",
      release: release,
      script: #"""
        packages=\#(packages.joined(separator: ","))
        debian_apt
        debootstrap --variant=minbase --include="$packages" \#(release) root "$main"
        rm -rf apt
        cd root
        rm -rf var/cache/apt/archives/*.deb var/lib/apt/lists/* etc/ssh/ssh_host_* \
          usr/share/doc/* usr/share/locale/* usr/share/man/*
        : > etc/resolv.conf
        : > etc/machine-id
        echo 'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"' > etc/environment
        cat > etc/apt/sources.list <<'END'
        deb [signed-by=/srv/apt/key.asc] file:/srv/apt ./
        END
        echo 'Acquire::Languages "none";' > etc/apt/apt.conf.d/90lab
        # A twin's disk is thrown away: it needn't survive a power cut.
        echo force-unsafe-io > etc/dpkg/dpkg.cfg.d/lab
        # Nothing may hold apt's lock behind a playbook's back.
        for unit in apt-daily.timer apt-daily-upgrade.timer console-getty.service; do
          ln -sf /dev/null etc/systemd/system/$unit
        done
        mkdir -p srv/apt srv/apt-kubernetes etc/systemd/system/sysinit.target.wants
        cat > etc/systemd/system/lab-twin.service <<'END'
        [Unit]
        Description=What a container lacks to be a machine
        DefaultDependencies=no
        Before=sysinit.target systemd-sysctl.service
        After=local-fs.target
        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=/usr/local/sbin/lab-twin
        [Install]
        WantedBy=sysinit.target
        END
        ln -s ../lab-twin.service etc/systemd/system/sysinit.target.wants/
        cat > usr/local/sbin/lab-twin <<'END'
        #!/bin/sh
        # The kubelet and container runtimes make cgroups: this container's own branches are writable.
        for folder in /sys/fs/cgroup/*; do
          [ -d "$folder" ] && mount -o remount,bind,rw,nosuid,nodev,noexec "$folder" 2>/dev/null
        done
        # The settings of memory, files and the kernel belong to the machine that carries the lab, and
        # no namespace parts them. A copy takes what is written here, so nothing reaches the machine.
        own() {
          mkdir -p "/run/lab/$1"
          for file in "/proc/sys/$1"/*; do
            [ -f "$file" ] && cat "$file" > "/run/lab/$1/${file##*/}" 2>/dev/null
          done
          mount --bind "/run/lab/$1" "/proc/sys/$1"
        }
        for folder in vm fs/inotify fs/mqueue fs/epoll kernel/keys; do
          [ -d "/proc/sys/$folder" ] && own "$folder"
        done
        for file in fs/file-max fs/nr_open fs/aio-max-nr kernel/panic kernel/panic_on_oops \
          kernel/pid_max kernel/threads-max kernel/softlockup_panic kernel/hung_task_panic; do
          [ -f "/proc/sys/$file" ] || continue
          mkdir -p "/run/lab/${file%/*}"
          cat "/proc/sys/$file" > "/run/lab/$file"
          mount --bind "/run/lab/$file" "/proc/sys/$file"
        done
        # Swap is the machine's, too; a twin has none.
        echo "Filename Type Size Used Priority" > /run/lab/swaps
        mount --bind /run/lab/swaps /proc/swaps
        exit 0
        END
        chmod 755 usr/local/sbin/lab-twin
        """#)
  }
}
