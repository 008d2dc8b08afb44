import Diagnostics
import Execution
import Hosts
import OrderedCollections
import Playbooks
import Synchronization
import Templates
import TestSupport
import Testing
import Values

/// The playbooks that ship, planned for hosts whose systems are of one family or the other.
///
/// The hosts are bare: no package, no file and no unit that anybody asks for is there.
@Suite(.timeLimit(.minutes(2)))
struct FamilyTests {
  private func plan(
    _ playbook: String, on hosts: FamilyHosts, _ extra: [String: Value] = [:]
  ) async throws -> TrialRecord {
    let tests = CaseFolder("Systems").path
    let root = tests.split(separator: "/").dropLast(3).joined(separator: "/")
    var trial = Trial("", on: tests + "/hosts.ini", hosts)
    trial.sources = LocalPlaybookSources()
    trial.folder = "/\(root)/playbooks"
    trial.playbook = playbook
    trial.mode = .plan
    for (name, value) in extra { trial.extra[name] = .literal(value, .synthesized("-e")) }
    return try await trial.run()
  }

  /// What the plan would have apt and dnf do on a host, sorted: plays run side by side.
  private func packages(_ record: TrialRecord, of host: String) -> [String] {
    record.reports.filter { $0.host == host }.flatMap(\.detail.actions).filter {
      $0.hasPrefix("apt-get ") || $0.hasPrefix("dnf ")
    }.sorted()
  }

  private func failures(_ record: TrialRecord) -> [String] {
    record.reports.compactMap { report in
      if case .failed(let message, _, _) = report.outcome {
        return "\(report.host): \(report.task): \(message)"
      }
      return nil
    }
  }

  @Test func hostsOfRedHatsKinGetTheirNames() async throws {
    let record = try await plan("ha.yaml", on: FamilyHosts(.redHat))
    #expect(failures(record) == [])
    let node = [
      "dnf install containerd.io containernetworking-plugins",
      "dnf install kubelet-1.30.2 kubeadm-1.30.2 kubectl-1.30.2", "dnf install ufw",
    ]
    #expect(
      packages(record, of: "cp1")
        == (node + ["dnf install haproxy", "dnf install nftables"]).sorted())
    #expect(packages(record, of: "w1") == (node + ["dnf install wireguard-tools"]).sorted())
    #expect(
      packages(record, of: "fw1") == [
        "dnf install dnsmasq", "dnf install iptables-nft conntrack-tools nmap-ncat",
        "dnf install keepalived /usr/bin/curl", "dnf install ufw", "dnf install wireguard-tools",
      ])
    let written = written(record, by: "cp1")
    #expect(
      written["/etc/yum.repos.d/kubernetes.repo"] == """
        [kubernetes]
        baseurl = https://example.org/kubernetes
        exclude = kubelet kubeadm kubectl cri-tools kubernetes-cni
        gpgcheck = 1
        gpgkey = file:///srv/kubernetes.asc
        name = Kubernetes


        """)
    #expect(written["/etc/containerd/config.toml"]?.contains("/usr/libexec/cni") == true)
    #expect(
      written["/etc/haproxy/haproxy.cfg"]?.contains("socket /var/lib/haproxy/stats ") == true)
    #expect(
      !record.reports.contains { $0.task.hasPrefix("Hold them") && $0.outcome.name != "skipped" })
  }

  @Test func hostsOfDebiansKinKeepTheirs() async throws {
    let record = try await plan("ha.yaml", on: FamilyHosts(.debian))
    #expect(failures(record) == [])
    let node = [
      "apt-get install containerd runc containernetworking-plugins",
      "apt-get install kubelet=1.30.2-* kubeadm=1.30.2-* kubectl=1.30.2-*", "apt-get install ufw",
    ]
    #expect(
      packages(record, of: "cp1").filter { !$0.hasPrefix("apt-get update") }
        == (node + ["apt-get install haproxy", "apt-get install nftables"]).sorted())
    #expect(
      packages(record, of: "fw1").contains("apt-get install iptables conntrack netcat-openbsd"))
    #expect(
      packages(record, of: "w1").contains("apt-get install wireguard-tools wireguard-go"))
    let written = written(record, by: "cp1")
    #expect(written["/etc/apt/sources.list.d/kubernetes.sources"] != nil)
    #expect(written["/etc/containerd/config.toml"]?.contains("/usr/lib/cni") == true)
    #expect(written["/etc/haproxy/haproxy.cfg"]?.contains("/run/haproxy/admin.sock") == true)
    #expect(
      record.outcome(
        "Hold them, so that only an upgrade on purpose changes their version", on: "cp1")?.name
        == "changed")
  }

  @Test(arguments: [
    ("upgrade.yaml", "kubelet-1.30.2 kubectl-1.30.2"), ("join.yaml", "containerd.io"),
    ("remove.yaml", "iptables-nft conntrack-tools nmap-ncat"), ("reset.yaml", ""),
    ("certificates.yaml", ""),
  ])
  func theOtherPlaybooksKnowThem(_ playbook: String, _ installed: String) async throws {
    let extra: [String: Value] = ["leaving": "cp3", "reset_confirm": "192.0.2.100"]
    let record = try await plan(playbook, on: FamilyHosts(.redHat), extra)
    #expect(failures(record) == [])
    let actions = record.reports.flatMap(\.detail.actions)
    #expect(!actions.contains { $0.hasPrefix("apt") })
    #expect(installed.isEmpty || actions.contains { $0.contains("dnf install \(installed)") })
  }

  @Test(arguments: [
    ("upgrade.yaml", "kubelet=1.30.2-* kubectl=1.30.2-*"), ("join.yaml", "haproxy"),
    ("remove.yaml", "iptables conntrack netcat-openbsd"), ("etcd-backup.yaml", "etcd-client"),
    ("etcd-restore.yaml", "etcd-client"),
  ])
  func theOtherPlaybooksKeepDebians(_ playbook: String, _ installed: String) async throws {
    let extra: [String: Value] = ["leaving": "cp3", "snapshot": "hosts.ini"]
    let record = try await plan(playbook, on: FamilyHosts(.debian), extra)
    // The controller of a test has no snapshot.
    let failures = failures(record).filter { !$0.contains("Copy the snapshot") }
    #expect(failures == [])
    let actions = record.reports.flatMap(\.detail.actions)
    #expect(!actions.contains { $0.hasPrefix("dnf") })
    #expect(actions.contains { $0.contains("apt-get install \(installed)") })
  }

  @Test(arguments: [
    ("ha.yaml", FamilyHosts(.suse), "The roles install by apt or dnf"),
    ("ha.yaml", FamilyHosts(.redHat, selinux: "1\nSELINUX=enforcing"), "enforces SELinux"),
    ("etcd-backup.yaml", FamilyHosts(.redHat), "no package of RedHat's has etcdctl"),
    ("etcd-restore.yaml", FamilyHosts(.redHat), "no package of RedHat's has etcdctl"),
  ])
  func whatDiffersByMoreThanNamesIsRefused(
    _ playbook: String, _ hosts: FamilyHosts, _ words: String
  ) async throws {
    let record = try await plan(playbook, on: hosts, ["snapshot": "s.db"])
    let failures = failures(record)
    #expect(!failures.isEmpty)
    for failure in failures { #expect(failure.contains(words)) }
    let actions = record.reports.flatMap(\.detail.actions)
    #expect(!actions.contains { $0.contains("install") })
  }

  /// The files that the plan would write, by path.
  private func written(_ record: TrialRecord, by host: String) -> [String: String] {
    var files: [String: String] = [:]
    for difference in record.reports.filter({ $0.host == host }).flatMap(\.detail.differences) {
      if case .text(_, let after?) = difference.kind { files[difference.label] = after }
    }
    return files
  }
}

/// Hosts without anything, of one family of systems.
struct FamilyHosts: HostConnector {
  enum Family: Sendable { case debian, redHat, suse }

  let family: Family
  var selinux = ""

  init(_ family: Family, selinux: String = "") {
    self.family = family
    self.selinux = selinux
  }

  func connect(to target: ConnectionTarget) async throws(HostError) -> any Host {
    FamilyHost(name: target.name, all: self)
  }

  /// What the facts' script says there.
  fileprivate var facts: String {
    let system =
      switch family {
      case .debian: "ID=debian\nNAME=Debian GNU/Linux\nVERSION_ID=\"12\"\n\n@@debian\n12.7\n"
      case .redHat:
        "ID=rocky\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.4\"\n\n@@redhat\n"
          + "Rocky Linux release 9.4 (Blue Onyx)\n"
      case .suse: "ID=opensuse-leap\nVERSION_ID=\"15.6\"\n"
      }
    let manager =
      switch family {
      case .debian: "/usr/bin/apt-get"
      case .redHat: "/usr/bin/dnf\n/usr/bin/yum"
      case .suse: "/usr/bin/zypper"
      }
    return "\n@@os-release\n\(system)\n@@packages\n\(manager)\n\n@@selinux\n\(selinux)\n"
  }
}

private struct FamilyHost: Host {
  let name: String
  let all: FamilyHosts

  func read(_ script: String, as become: Become?) async throws(HostError) -> CommandOutput {
    let batch = BatchScript(script)
    return batch.output(batch.questions.map(answer))
  }

  private func answer(_ question: String) -> CommandOutput {
    if question.contains("@@%s") { return CommandOutput(all.facts) }
    if question.contains("echo absent") { return CommandOutput("absent\n") }
    let words = question.split(separator: " ")
    if words.first == "file" { return CommandOutput(Self.status(of: words[1])) }
    return CommandOutput("")
  }

  /// What every host has: `/etc/hosts`, which is empty, and the folders that systems bring.
  private static func status(of path: Substring) -> String {
    switch path {
    case "/etc/hosts", "/etc/default/ufw":
      let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      return "regular empty file\t644\t0\troot\t0\troot\t0\t0\n\n\(digest)\n"
    case "/etc/yum.repos.d": return "directory\t755\t0\troot\t0\troot\t0\t0\n\n\n"
    default: return "absent\n"
    }
  }

  func run(_ command: Command, as become: Become?) async throws(HostError) -> CommandOutput {
    if command.script.contains("kubelet --version") {
      return CommandOutput("Kubernetes v1.29.5\n")
    }
    if command.script.contains("member/list") {
      return CommandOutput("1 cp1 - well\n2 cp2 - well\n3 cp3 - well\n")
    }
    return CommandOutput("")
  }

  func upload(
    _ content: FileContent, to path: String, as become: Become?
  ) async throws(HostError) {
    throw HostError(.actionFailed, "a plan uploads nothing")
  }

  func close() async {}
}
