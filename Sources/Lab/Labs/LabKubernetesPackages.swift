/// The apt repository of Kubernetes' packages, named and laid out as the project's own are.
enum LabKubernetesPackages {
  /// The recipe of the repository: a flat one in the folder `repository`.
  static let recipe = LabRecipe(
    name: "kubernetes_packages", title: "the apt repository of Kubernetes' packages",
    inputs: [LabKubernetes.recipe],
    script: #"""
      version=\#(LabKubernetes.version)
      # package NAME VERSION DEPENDS DESCRIPTION: what lies in the folder NAME becomes a package.
      # Not compressed: file: repositories are read in place, and twins have little time.
      package() {
        mkdir -p "$1/DEBIAN" repository
        {
          echo "Package: $1"
          echo "Version: $2"
          echo "Architecture: amd64"
          echo "Maintainer: orchestrate's lab <lab@localhost>"
          echo "Section: misc"
          echo "Priority: optional"
          [ -z "$3" ] || echo "Depends: $3"
          echo "Description: $4"
        } > "$1/DEBIAN/control"
        if [ -d "$1/etc" ]; then (cd "$1" && find etc -type f -printf '/%p\n') > "$1/DEBIAN/conffiles"; fi
        dpkg-deb --root-owner-group -Znone --build "$1" "repository/$1_$2_amd64.deb"
        rm -r "$1"
      }

      mkdir -p kubectl/usr/bin
      cp "$KUBERNETES/bin/kubectl" kubectl/usr/bin/
      package kubectl "$version-00" "" "Kubernetes command line tool"

      # Debian has the plugins in its own folder; Kubernetes and most manifests look in /opt/cni/bin.
      mkdir -p kubernetes-cni/opt/cni/bin
      for plugin in bandwidth bridge dhcp firewall host-device host-local ipvlan loopback macvlan \
        portmap ptp sbr static tuning vlan vrf; do
        ln -s "/usr/lib/cni/$plugin" "kubernetes-cni/opt/cni/bin/$plugin"
      done
      package kubernetes-cni 0.8.7-00 containernetworking-plugins "Kubernetes CNI plugins"

      mkdir -p cri-tools/usr/bin
      cat > cri-tools/usr/bin/crictl <<'END'
      #!/bin/sh
      # What kubeadm 1.20 and its users call of crictl, over containerd's own ctr.
      quiet=
      while [ $# -gt 0 ]; do
        case "$1" in
          -r|--runtime-endpoint|-i|--image-endpoint|-c|--config|-t|--timeout) shift 2;;
          --runtime-endpoint=*|--image-endpoint=*|--config=*|--timeout=*|-D|--debug) shift;;
          *) break;;
        esac
      done
      [ $# -gt 0 ] || { echo "crictl: a command is needed" >&2; exit 1; }
      verb=$1
      shift
      ctr() { command ctr --namespace k8s.io "$@"; }
      image() {
        ctr images ls -q | grep -qxF "$1" || { echo "no such image: $1" >&2; return 1; }
      }
      # containers KIND: the ids of the sandboxes or of the other containers.
      containers() {
        ctr containers ls -q "labels.\"io.cri-containerd.kind\"==$1"
      }
      end() {
        for id in "$@"; do
          case "$id" in -*) continue;; esac
          for all in $(ctr containers ls -q "labels.\"io.kubernetes.pod.uid\"==$(ctr containers info "$id" |
            sed -n 's/.*"io.kubernetes.pod.uid": "\(.*\)".*/\1/p' | head -n 1)") "$id"; do
            ctr tasks kill --signal SIGKILL --all "$all" 2>/dev/null
            ctr tasks rm --force "$all" 2>/dev/null
            [ -z "$remove" ] || ctr containers rm "$all" 2>/dev/null
          done
        done
        return 0
      }
      remove=
      case "$verb" in
        info) command ctr version >/dev/null && echo '{}';;
        version) command ctr version;;
        inspecti|pull)
          for word in "$@"; do case "$word" in -*) ;; *) last=$word;; esac; done
          image "$last";;
        images|img|image) ctr images ls;;
        pods) containers sandbox;;
        ps) containers container;;
        stopp|stop) end "$@";;
        rmp|rm) remove=yes; end "$@";;
        *) echo "crictl: the lab's crictl doesn't know \"$verb\"" >&2; exit 1;;
      esac
      END
      chmod 755 cri-tools/usr/bin/crictl
      package cri-tools 1.13.0-01 containerd "crictl, over ctr"

      mkdir -p kubelet/usr/bin kubelet/lib/systemd/system kubelet/etc/default kubelet/DEBIAN \
        kubelet/var/lib/kubelet kubelet/etc/kubernetes/manifests
      cp "$KUBERNETES/bin/kubelet" kubelet/usr/bin/
      cat > kubelet/lib/systemd/system/kubelet.service <<'END'
      [Unit]
      Description=kubelet: The Kubernetes Node Agent
      Documentation=https://kubernetes.io/docs/home/
      Wants=network-online.target
      After=network-online.target

      [Service]
      ExecStart=/usr/bin/kubelet
      Restart=always
      StartLimitInterval=0
      RestartSec=10

      [Install]
      WantedBy=multi-user.target
      END
      echo 'KUBELET_EXTRA_ARGS=' > kubelet/etc/default/kubelet
      cat > kubelet/DEBIAN/postinst <<'END'
      #!/bin/sh
      set -e
      if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        systemctl enable --quiet kubelet
        systemctl restart kubelet || true
      fi
      END
      cat > kubelet/DEBIAN/prerm <<'END'
      #!/bin/sh
      set -e
      if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl stop kubelet || true; fi
      END
      chmod 755 kubelet/DEBIAN/postinst kubelet/DEBIAN/prerm
      package kubelet "$version-00" \
        "iptables (>= 1.4.21), kubernetes-cni (>= 0.8.7), iproute2, socat, util-linux, mount, ebtables, ethtool, conntrack" \
        "Kubernetes node agent"

      mkdir -p kubeadm/usr/bin kubeadm/etc/systemd/system/kubelet.service.d kubeadm/DEBIAN
      cp "$KUBERNETES/bin/kubeadm" kubeadm/usr/bin/
      cat > kubeadm/etc/systemd/system/kubelet.service.d/10-kubeadm.conf <<'END'
      # Note: This dropin only works with kubeadm and kubelet v1.11+
      [Service]
      Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
      Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
      # This is a file that "kubeadm init" and "kubeadm join" generates at runtime, populating the KUBELET_KUBEADM_ARGS variable dynamically
      EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
      # This is a file that the user can use for overrides of the kubelet args as a last resort. Preferably, the user should use
      # the .NodeRegistration.KubeletExtraArgs object in the configuration files instead. KUBELET_EXTRA_ARGS should be sourced from this file.
      EnvironmentFile=-/etc/default/kubelet
      ExecStart=
      ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
      END
      cat > kubeadm/DEBIAN/postinst <<'END'
      #!/bin/sh
      set -e
      if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        systemctl restart kubelet || true
      fi
      END
      chmod 755 kubeadm/DEBIAN/postinst
      package kubeadm "$version-00" \
        "kubelet (>= 1.13.0), kubectl (>= 1.13.0), kubernetes-cni (>= 0.8.7), cri-tools (>= 1.13.0)" \
        "Kubernetes cluster bootstrapping tool"
      repository repository Kubernetes
      """#)
}
