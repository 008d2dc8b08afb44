package import Hosts
package import ModuleKit
internal import Values

/// Sets kernel parameters, in a file and at once.
package struct SysctlModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "sysctl", summary: "Sets kernel parameters, in a file and in the running kernel.",
    notes: [
      "As with Ansible's, the running kernel's value is compared only with `sysctl_set: true`; "
        + "else a changed file is loaded."
    ],
    arguments: [
      ArgumentSpecification(
        "name", .string, "The parameter, such as `net.ipv4.ip_forward`.", isRequired: true,
        aliases: ["key"]),
      ArgumentSpecification("value", .string, "Its value.", aliases: ["val"]),
      ArgumentSpecification(
        "state", .string, "Whether the file shall have it.", default: "present",
        choices: ["present", "absent"]),
      ArgumentSpecification("sysctl_file", .path, "The file.", default: "/etc/sysctl.conf"),
      ArgumentSpecification(
        "sysctl_set", .boolean, "Compare and set the running kernel's value, too.",
        default: false),
      ArgumentSpecification("reload", .boolean, "Load the file after a change.", default: true),
      ArgumentSpecification(
        "ignoreerrors", .boolean, "Parameters that the kernel doesn't know are no failure.",
        default: false),
    ],
    example: """
      - name: Let HAProxy bind an address that another host holds
        ansible.posix.sysctl:
          name: net.ipv4.ip_nonlocal_bind
          value: 1
          sysctl_file: /etc/sysctl.d/90-load-balancer.conf
          sysctl_set: true
      """)

  private let name: String
  private let value: String?
  private let file: String
  private let setsKernel: Bool
  private let reloads: Bool
  private let ignoresErrors: Bool

  package init(_ arguments: Arguments) throws(ArgumentError) {
    name = try arguments.requiredString("name").trimmed
    let isAbsent = try arguments.string("state") == "absent"
    if isAbsent {
      value = nil
    } else if case .bool(let flag)? = arguments.value("value")?.unmarked() {
      value = flag ? "1" : "0"
    } else {
      value = (try arguments.string("value") ?? "").trimmed
    }
    file = try arguments.string("sysctl_file") ?? "/etc/sysctl.conf"
    setsKernel = try arguments.boolean("sysctl_set") ?? false
    reloads = try arguments.boolean("reload") ?? true
    ignoresErrors = try arguments.boolean("ignoreerrors") ?? false
    if name.isEmpty || name.hasPrefix("-") || name.contains(where: { $0 == "=" || $0 == "\n" }) {
      throw ArgumentError(argument: "name", "`\(name)` is no kernel parameter")
    }
    if !isAbsent, value == "" {
      throw ArgumentError(argument: "value", "`sysctl` needs a `value`, or `state: absent`")
    }
  }

  /// Any white space is one space: so the kernel's tabs don't matter.
  private static func normal(_ value: String) -> String {
    value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The file's text and the running kernel's value, nil where there is none.
  package struct State: Hashable, Sendable {
    package var file: FileStatus
    package var running: String?
  }

  package var probe: Probe<State> {
    let path = name.sysctlPath
    let running = Query<String?>(
      "cat \(Shell.quote(path)) 2>/dev/null || echo '\u{1}'", about: [.sysctl(name)]
    ) { (output) throws(HostError) in
      output.text.hasPrefix("\u{1}") ? nil : Self.normal(output.text)
    }
    let status = Probe<FileStatus>(.content(of: file))
    if !setsKernel {
      return status.map { (file) throws(HostError) in State(file: file, running: nil) }
    }
    return status.and(Probe(running)).map { (file, running) throws(HostError) in
      State(file: file, running: running)
    }
  }

  package func diff(from current: State) -> Change {
    let before = String(decoding: current.file.content ?? [], as: UTF8.self)
    let lines = ConfigurationLines(before)
    let isRight: Bool
    if let value {
      // The last line counts, and it counts as it is written.
      isRight = lines.value(of: name) == value
    } else {
      isRight = lines.count(of: name) == 0
    }
    var actions: [Action] = []
    var differences: [Difference] = []
    if !isRight {
      let after = lines.setting(name, to: value).text
      differences.append(
        Difference(
          file, .text(before: current.file.exists ? before : nil, after: after)))
      let write = FileWrite(
        path: file, content: .text(after),
        attributes: FileAttributes(mode: current.file.exists ? nil : 0o644))
      actions.append(Action(.write(write), touches: [.path(file)], summary: "write \(file)"))
    }
    if let value, setsKernel, current.running != Self.normal(value) {
      differences.append(
        Difference(name, .attribute(before: current.running ?? "unknown", after: value)))
      actions.append(
        run("sysctl\(option) -w \(Shell.quote("\(name)=\(value)"))", "sysctl -w \(name)=\(value)"))
    }
    if !isRight, reloads {
      actions.append(run("sysctl\(option) -p \(Shell.quote(file))", "sysctl -p \(file)"))
    }
    let name = name
    return Change(
      differences: differences, actions: actions, reason: isRight ? "" : "\(file) differs"
    ) { outputs in
      guard let output = outputs.last, output.status != 0 else { return Completion() }
      return Completion(failure: "setting \(name) failed: \(output.complaint)")
    }
  }

  private var option: String { ignoresErrors ? " -e" : "" }

  private func run(_ script: String, _ summary: String) -> Action {
    Action(.run(Command(script)), touches: [.sysctl(name)], summary: summary)
  }
}

extension String {
  /// Where the kernel shows the parameter of this name.
  ///
  /// `net.ipv4.conf.eth0/100.forwarding`: with `.` between, a `/` stands for a dot, and the other
  /// way round.
  package var sysctlPath: String {
    let first = first { $0 == "." || $0 == "/" }
    if first == "/" { return "/proc/sys/" + self }
    return "/proc/sys/" + String(map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
  }
}
