package import Hosts

/// What kubeadm has made of a host so far.
package struct KubeadmNode: Hashable, Sendable {
  /// Which of the files that tell are there, by their path under `/etc/kubernetes`.
  package var files: Set<String> = []
  /// A kubeadm that an earlier run began is still at work.
  package var isBusy = false
  /// `init` or `join`, where one of ours began and didn't end well.
  package var unfinished: String?
  /// The apiserver's etcd is on the host itself.
  package var hasLocalEtcd = false
  /// The cluster knows the node as it knows one that has joined to the end.
  package var isRegistered = false
  /// The cluster knows the node as a control plane.
  package var isLabelled = false
  /// The host's addresses; only where something is unfinished.
  package var addresses: [String] = []
  /// The node's name, as kubeadm would choose it.
  package var name = ""
  /// nil where kubeadm isn't installed, or where it wasn't asked for, because all is done.
  package var version: KubeadmVersion?

  package init() {}

  /// Says that a kubeadm of ours has begun and not ended; removed when it ends well.
  package static let mark = "/etc/kubernetes/.orchestrate-unfinished"

  package var isControlPlane: Bool { files.contains("manifests/kube-apiserver.yaml") }

  /// Initialised to the end, as far as the host itself can tell.
  package var isInitialised: Bool {
    unfinished == nil && isControlPlane && files.isSuperset(of: ["kubelet.conf", "admin.conf"])
      && !files.contains("bootstrap-kubelet.conf")
  }

  /// Joined to the end, as far as the host itself can tell.
  package var isJoined: Bool {
    guard unfinished == nil else { return false }
    return hasAllOfAJoin
  }

  /// All files of a join are there, which its last steps may yet be missing.
  package var hasAllOfAJoin: Bool {
    guard files.contains("kubelet.conf"), !files.contains("bootstrap-kubelet.conf") else {
      return false
    }
    return !isControlPlane || !hasLocalEtcd || files.contains("manifests/etcd.yaml")
  }

  /// Something of kubeadm's is there.
  package var isTouched: Bool {
    unfinished != nil
      || !files.isDisjoint(with: [
        "kubelet.conf", "bootstrap-kubelet.conf", "manifests/kube-apiserver.yaml",
        "manifests/etcd.yaml",
      ])
  }

  /// Looks at files and processes; asks the cluster only where something is unfinished.
  ///
  /// - Parameter name: The node's name; nil for the host's.
  package static func query(name: String?) -> Query<KubeadmNode> {
    let node = name.map { "n=\(Shell.quote($0))" } ?? "n=$(tr A-Z a-z < /proc/sys/kernel/hostname)"
    let script = """
      k=/etc/kubernetes; \(node); echo "name $n"
      for f in kubelet.conf bootstrap-kubelet.conf admin.conf manifests/kube-apiserver.yaml \\
      manifests/etcd.yaml; do if [ -e $k/$f ]; then echo "file $f"; fi; done
      grep -qs -e '--etcd-servers=https://127\\.0\\.0\\.1' $k/manifests/kube-apiserver.yaml && echo local-etcd
      for p in /proc/[0-9]*; do
      { read -r c < $p/comm; } 2>/dev/null || continue
      if [ "$c" = kubeadm ]; then case $(tr '\\0' ' ' < $p/cmdline 2>/dev/null) in
      *' init '*|*' join '*|*' reset '*) echo busy; break;; esac; fi
      done
      if [ -e \(mark) ]; then
      echo "unfinished $(head -n 1 \(mark))"
      ip -o addr show scope global 2>/dev/null | while read -r a b c d e; do echo "address ${d%%/*}"; done
      if [ -e $k/kubelet.conf ] && kubectl --kubeconfig=$k/kubelet.conf --request-timeout=10s get node "$n" \\
      -o 'jsonpath={.metadata.annotations}' 2>/dev/null | grep -q kubeadm.alpha.kubernetes.io/cri-socket
      then echo registered; fi
      if [ -e $k/admin.conf ] && kubectl --kubeconfig=$k/admin.conf --request-timeout=10s get node "$n" \\
      -o 'jsonpath={.metadata.labels}' 2>/dev/null \\
      | grep -q -e node-role.kubernetes.io/control-plane -e node-role.kubernetes.io/master
      then echo labelled; fi
      elif [ -e $k/kubelet.conf ]; then exit 0; fi
      if command -v kubeadm >/dev/null; then echo "version $(kubeadm version -o short 2>/dev/null)"; fi
      exit 0
      """
    let subjects: [Subject] = [
      .path("/etc/kubernetes"), .package("kubeadm"), .path("/usr/bin/kubeadm"),
    ]
    return Query(script, about: subjects) { (output) throws(HostError) in
      KubeadmNode(answer: output.text)
    }
  }

  /// Understands what the query's script says.
  package init(answer text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      let rest = words.count > 1 ? words[1] : ""
      switch words[0] {
      case "name": name = rest
      case "file": files.insert(rest)
      case "local-etcd": hasLocalEtcd = true
      case "busy": isBusy = true
      case "unfinished": unfinished = rest
      case "address": addresses.append(rest)
      case "registered": isRegistered = true
      case "labelled": isLabelled = true
      case "version": version = KubeadmVersion(rest)
      default: break
      }
    }
  }
}
