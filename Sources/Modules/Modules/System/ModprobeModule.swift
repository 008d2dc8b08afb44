package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Loads and unloads kernel modules.
package struct ModprobeModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "modprobe", summary: "Loads and unloads kernel modules, now and at boot.",
    notes: ["A module that is built into the kernel counts as loaded."],
    arguments: [
      ArgumentSpecification("name", .string, "The module.", isRequired: true),
      ArgumentSpecification(
        "state", .string, "Whether it shall be loaded.", default: "present",
        choices: ["present", "absent"]),
      ArgumentSpecification("params", .string, "Its parameters.", default: ""),
      ArgumentSpecification(
        "persistent", .string, "Whether it is loaded at boot.", default: "disabled",
        choices: ["disabled", "present", "absent"]),
    ],
    results: [
      ("name", "The module."), ("params", "Its parameters."), ("state", "What it shall be."),
    ],
    example: """
      - name: Let iptables see bridged traffic
        community.general.modprobe:
          name: br_netfilter
          persistent: present
      """)

  private let name: String
  private let isPresent: Bool
  private let parameters: String
  private let persistence: String

  package init(_ arguments: Arguments) throws(ArgumentError) {
    name = try arguments.requiredString("name")
    isPresent = try arguments.string("state") != "absent"
    parameters = try arguments.string("params") ?? ""
    persistence = try arguments.string("persistent") ?? "disabled"
    let isValid = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
        || $0 == 45 || $0 == 95
    }
    if name.isEmpty || !isValid || name.hasPrefix("-") {
      throw ArgumentError(argument: "name", "`\(name)` is no kernel module's name")
    }
  }

  private var loadFile: String { "/etc/modules-load.d/\(name).conf" }
  private var optionsFile: String { "/etc/modprobe.d/\(name).conf" }

  package struct State: Hashable, Sendable {
    package var isLoaded: Bool
    package var isBuiltIn: Bool
    package var load: FileStatus
    package var options: FileStatus
  }

  package var probe: Probe<State> {
    let underscored = name.replacing("-", with: "_")
    // The kernel's names have `_`; files of modules may have either. What is built in without
    // parameters isn't in /sys/module: then the list of built-in modules tells, or what it brings.
    let script = """
      n=\(underscored)
      if grep -qs "^$n " /proc/modules; then echo loaded; exit 0; fi
      if [ -d /sys/module/$n ] || tr - _ < /lib/modules/$(uname -r)/modules.builtin 2>/dev/null \\
      | grep -q "/$n\\.ko" || grep -qw $n /proc/filesystems; then echo builtin; exit 0; fi
      case $n in
      br_netfilter) [ -d /proc/sys/net/bridge ] && echo builtin;;
      nf_conntrack) [ -e /proc/sys/net/netfilter/nf_conntrack_max ] && echo builtin;;
      esac; exit 0
      """
    let loaded = Query<String>(script, about: [.kernelModule(name)]) { (output) throws(HostError) in
      output.text.trimmed
    }
    return Probe(loaded).and(Probe(all: [.content(of: loadFile), .content(of: optionsFile)])).map {
      (state, files) throws(HostError) in
      State(
        isLoaded: !state.isEmpty, isBuiltIn: state == "builtin", load: files[0], options: files[1])
    }
  }

  package func diff(from current: State) -> Change {
    let result: OrderedDictionary<String, Value> = [
      "name": .string(name), "params": .string(parameters),
      "state": .string(isPresent ? "present" : "absent"),
    ]
    var change = Change(result: result)
    if isPresent != current.isLoaded, !(current.isBuiltIn && !isPresent) {
      let words = ["modprobe"] + (isPresent ? [] : ["-r"]) + [name]
      let script =
        Shell.words(words) + (isPresent && !parameters.isEmpty ? " \(parameterWords)" : "")
      change.actions.append(
        Action(
          .run(Command(script)), touches: [.kernelModule(name)],
          summary: words.joined(separator: " ")))
      change.differences.append(
        Difference(
          "module \(name)",
          .attribute(
            before: current.isLoaded ? "loaded" : "not loaded",
            after: isPresent ? "loaded" : "not loaded")))
    }
    if isPresent, persistence == "present" {
      write("\(name)\n", to: loadFile, current.load, &change)
      if !parameters.isEmpty {
        write("options \(name) \(parameters)\n", to: optionsFile, current.options, &change)
      }
    } else if persistence == "absent" {
      remove(loadFile, current.load, &change)
      remove(optionsFile, current.options, &change)
    }
    change.reason = change.differences.map(\.label).joined(separator: ", ")
    let name = name
    change.finish = { outputs in
      guard let output = outputs.last, output.status != 0 else { return Completion() }
      return Completion(failure: "modprobe \(name) failed: \(output.complaint)")
    }
    return change
  }

  private var parameterWords: String {
    Shell.words(parameters.split(separator: " ").map(String.init))
  }

  private func write(_ text: String, to path: String, _ status: FileStatus, _ change: inout Change)
  {
    let before = status.content.map { String(decoding: $0, as: UTF8.self) }
    let lines = before?.split(separator: "\n").map { String($0).trimmed } ?? []
    if lines.contains(text.trimmed) { return }
    let attributes = FileAttributes(mode: status.exists ? nil : 0o644)
    change.actions.append(
      Action(
        .write(FileWrite(path: path, content: .text(text), attributes: attributes)),
        touches: [.path(path)], summary: "write \(path)"))
    change.differences.append(Difference(path, .text(before: before, after: text)))
  }

  private func remove(_ path: String, _ status: FileStatus, _ change: inout Change) {
    guard status.exists else { return }
    change.actions.append(
      Action(.remove(path: path), touches: [.path(path)], summary: "remove \(path)"))
    let before = String(decoding: status.content ?? [], as: UTF8.self)
    change.differences.append(Difference(path, .text(before: before, after: nil)))
  }
}
