package import Hosts
package import ModuleKit
internal import Values

/// One run of `kubeadm init` or `join` that nobody can break off half-way.
///
/// A join killed between adding its etcd member and starting it leaves a cluster of two without
/// quorum. So kubeadm runs in a session of its own, with its output in files that have no name any
/// more, and goes on where the connection or the controller is gone; the next run waits for it.
/// Its configuration, with keys and tokens, comes on standard input and is never in a file.
package struct KubeadmRun: Hashable, Sendable {
  /// `init` or `join`.
  package var verb: String
  package var options: [String]
  package var configuration: String

  package init(_ verb: String, options: [String], configuration: String) {
    self.verb = verb
    self.options = options
    self.configuration = configuration
  }

  package var command: Command {
    let words = Shell.words(["kubeadm", verb, "--config", "/dev/stdin"] + options)
    let mark = KubeadmNode.mark
    let script = """
      umask 077
      d=$(mktemp -d) || exit 1
      exec 3<&0 5>"$d/out" 6<"$d/out" 7>"$d/err" 8<"$d/err"; rm -rf "$d"
      mkdir -p /etc/kubernetes && chmod 755 /etc/kubernetes && echo \(verb) > \(mark) || exit 1
      w=; if setsid -w true 2>/dev/null; then w=-w; fi
      setsid $w sh -c '"$@"; s=$?; if [ $s = 0 ]; then rm -f \(mark); fi; exit $s' sh \(words) \
      <&3 >&5 2>&7 3<&- 5>&- 6<&- 7>&- 8<&- &
      wait $!; s=$?
      cat <&6; cat <&8 >&2
      exit $s
      """
    return Command(script, standardInput: Array(configuration.utf8))
  }

  /// The action on the host itself.
  package func action(summary: String) -> Action {
    Action(.run(command), touches: Self.touched, summary: summary)
  }

  /// What init, join and reset change.
  package static let touched: [Subject] = [
    .path("/etc/kubernetes"), .path("/var/lib/kubelet"), .path("/var/lib/etcd"),
    .path("/etc/cni/net.d"), .unit("kubelet.service"), .port(6443), .cluster,
  ]

  /// What kubeadm complains of, in a few lines.
  package static func failure(of output: CommandOutput, verb: String) -> String {
    let lines = (output.errorText + "\n" + output.text).split(separator: "\n").map {
      String($0).trimmed
    }
    let checks = lines.filter { $0.hasPrefix("[ERROR ") }.map { line in
      line.dropFirst("[ERROR ".count).replacing("]: ", with: ": ", maxReplacements: 1)
    }
    if !checks.isEmpty {
      return "kubeadm \(verb) refuses: " + checks.map { String($0) }.joined(separator: "; ")
    }
    let errors = lines.filter { $0.hasPrefix("error ") || $0.hasPrefix("error: ") }
    if !errors.isEmpty { return "kubeadm \(verb) failed: " + errors.joined(separator: "; ") }
    let last = lines.filter { !$0.isEmpty && !$0.hasPrefix("To see the stack trace") }.suffix(3)
    return "kubeadm \(verb) failed with exit status \(output.status): "
      + last.joined(separator: "; ")
  }
}

extension KubeadmRun {
  /// How long to wait for a kubeadm that an earlier run began.
  package static let waiting = Waiting(timeout: .seconds(900), interval: .seconds(3))

  /// The arguments that init and join share.
  package static let arguments: [ArgumentSpecification] = [
    ArgumentSpecification(
      "node_name", .string, "The node's name; the host's where it isn't given."),
    ArgumentSpecification(
      "advertise_address", .string, "The address at which others reach the host's apiserver."),
    ArgumentSpecification("bind_port", .integer, "The apiserver's port."),
    ArgumentSpecification("cri_socket", .string, "The container runtime's socket."),
    ArgumentSpecification(
      "kubelet_extra_args", .dictionary, "Arguments for the kubelet, by name without dashes."),
    ArgumentSpecification("taints", .list, "Taints of the node; `[]` is none."),
    ArgumentSpecification("skip_phases", .list, "Phases of kubeadm's to leave out."),
    ArgumentSpecification(
      "ignore_preflight_errors", .list, "Checks whose errors are warnings, or `all`."),
    ArgumentSpecification(
      "patches", .path, "A folder on the host with patches for what kubeadm writes."),
    ArgumentSpecification(
      "certificate_key", .string,
      "Encrypts the certificates that control planes share: 64 hexadecimal digits.",
      isSecret: true, acceptsUnknown: true),
    ArgumentSpecification(
      "token", .string, "Bootstrap token, as `[a-z0-9]{6}.[a-z0-9]{16}`.", isSecret: true,
      acceptsUnknown: true),
  ]
}
