package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Mounts file systems, now and at boot.
package struct MountModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "mount", summary: "Mounts file systems, now and at boot.",
    notes: ["`state: ephemeral` isn't supported."],
    arguments: [
      ArgumentSpecification("path", .path, "Where.", isRequired: true, aliases: ["name"]),
      ArgumentSpecification("src", .string, "What."),
      ArgumentSpecification("fstype", .string, "The file system's type."),
      ArgumentSpecification("opts", .string, "Options.", default: "defaults"),
      ArgumentSpecification("dump", .string, "fstab's fifth field.", default: "0"),
      ArgumentSpecification("passno", .string, "fstab's sixth field.", default: "0"),
      ArgumentSpecification(
        "state", .string, "What shall be.", isRequired: true,
        choices: ["absent", "absent_from_fstab", "mounted", "present", "unmounted", "remounted"]),
      ArgumentSpecification("fstab", .path, "The table.", default: "/etc/fstab"),
      ArgumentSpecification("boot", .boolean, "Mount it at boot.", default: true),
    ],
    results: [("name", "Where."), ("src", "What."), ("fstype", "The type."), ("opts", "Options.")],
    example: """
      - name: etcd on a disk of its own
        ansible.posix.mount:
          path: /var/lib/etcd
          src: LABEL=etcd
          fstype: ext4
          state: mounted
      """)

  private let path: String
  private let entry: MountTable.Entry?
  private let state: String
  private let table: String

  package init(_ arguments: Arguments) throws(ArgumentError) {
    path = try arguments.requiredString("path")
    state = try arguments.requiredString("state")
    table = try arguments.string("fstab") ?? "/etc/fstab"
    if state == "mounted" || state == "present" {
      guard let source = try arguments.string("src"), let type = try arguments.string("fstype")
      else {
        throw ArgumentError("`state: \(state)` needs `src` and `fstype`")
      }
      var options = try arguments.string("opts") ?? "defaults"
      if try arguments.boolean("boot") == false { options += ",noauto" }
      entry = MountTable.Entry(
        source: source, path: path, type: type, options: options,
        dump: try arguments.string("dump") ?? "0", pass: try arguments.string("passno") ?? "0")
    } else {
      entry = nil
    }
    if path != "none", !path.hasPrefix("/") {
      throw ArgumentError(argument: "path", "`\(path)` is no absolute path")
    }
  }

  package struct State: Hashable, Sendable {
    package var table: FileStatus
    package var isMounted: Bool
    package var hasFolder: Bool
  }

  package var probe: Probe<State> {
    // The second field of /proc/mounts, with white space as octal digits.
    let written = Shell.quote(MountTable.escape(path))
    let script = """
      p=\(written) awk '$2 == ENVIRON["p"] { f = 1 } END { exit !f }' /proc/mounts && echo mounted
      [ -d \(Shell.quote(path)) ] && echo folder; exit 0
      """
    let mounted = Query<String>(script, about: [.mount(path), .path(path)]) {
      (output) throws(HostError) in output.text
    }
    return Probe<FileStatus>(.content(of: table)).and(Probe<String>(mounted)).map {
      (table, found) throws(HostError) in
      State(
        table: table, isMounted: found.contains("mounted"), hasFolder: found.contains("folder"))
    }
  }

  package func diff(from current: State) -> Change {
    let before = String(decoding: current.table.content ?? [], as: UTF8.self)
    var change = Change(result: result)
    if let entry {
      if state == "mounted", !current.hasFolder {
        change.actions.append(
          Action(
            .makeFolder(path: path, FileAttributes()), touches: [.path(path)],
            summary: "make \(path)"))
      }
      write(
        MountTable(before).setting(path, to: entry, source: entry.source).text, before, current,
        &change)
      let isChanged = !change.differences.isEmpty
      if state == "mounted", !current.isMounted {
        mount("mount", "mount \(Shell.quote(path))", "unmounted", "mounted", &change)
      } else if state == "mounted", isChanged {
        mount("remount", "mount -o remount \(Shell.quote(path))", "mounted", "remounted", &change)
      }
    } else {
      if state == "remounted" {
        mount("remount", "mount -o remount \(Shell.quote(path))", "mounted", "remounted", &change)
      }
      if state == "absent" || state == "unmounted", current.isMounted {
        mount("unmount", "umount \(Shell.quote(path))", "mounted", "unmounted", &change)
      }
      if state == "absent" || state == "absent_from_fstab" {
        write(MountTable(before).setting(path, to: nil).text, before, current, &change)
      }
      if state == "absent", current.hasFolder {
        // Only an empty folder goes; another's data would be a loss.
        let script =
          "rmdir -- \(Shell.quote(path)) 2>/dev/null || [ ! -d \(Shell.quote(path)) ] || true"
        if !change.actions.isEmpty {
          change.actions.append(
            Action(.run(Command(script)), touches: [.path(path)], summary: "rmdir \(path)"))
        }
      }
    }
    change.reason = change.differences.map(\.label).joined(separator: ", ")
    return change
  }

  private var result: OrderedDictionary<String, Value> {
    var result: OrderedDictionary<String, Value> = ["name": .string(path), "fstab": .string(table)]
    if let entry {
      result["src"] = .string(entry.source)
      result["fstype"] = .string(entry.type)
      result["opts"] = .string(entry.options)
      result["dump"] = .string(entry.dump)
      result["passno"] = .string(entry.pass)
    }
    return result
  }

  private func write(
    _ after: String, _ before: String, _ current: State, _ change: inout Change
  ) {
    if after == before { return }
    change.differences.append(
      Difference(table, .text(before: current.table.exists ? before : nil, after: after)))
    let attributes = FileAttributes(mode: current.table.exists ? nil : 0o644)
    change.actions.append(
      Action(
        .write(FileWrite(path: table, content: .text(after), attributes: attributes)),
        touches: [.path(table)], summary: "write \(table)"))
  }

  private func mount(
    _ verb: String, _ script: String, _ before: String, _ after: String, _ change: inout Change
  ) {
    // The table is the one that is meant, not always /etc/fstab.
    let option = table == "/etc/fstab" || verb == "unmount" ? "" : " -T \(Shell.quote(table))"
    let line =
      option.isEmpty
      ? script : script.replacing("mount ", with: "mount\(option) ", maxReplacements: 1)
    change.differences.append(Difference(path, .attribute(before: before, after: after)))
    change.actions.append(
      Action(
        .run(Command(line)), touches: [.mount(path), .path(path)], summary: "\(verb) \(path)"))
  }
}
