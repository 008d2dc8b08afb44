package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Restarts the host and waits until it's back.
package struct RebootModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "reboot", summary: "Restarts the host and waits until it is back.",
    notes: [
      "The host is back when it tells another boot than before: by the kernel's boot id and the start of "
        + "its first process, so containers with an init of their own work, too.",
      "By systemd, else by `shutdown`, else by `reboot`; always in the background, so that the command's end "
        + "is heard before the connection ends. Only root may: use `become`.",
    ],
    arguments: [
      ArgumentSpecification(
        "reboot_timeout", .integer, "Seconds to wait for the host.", default: 600,
        aliases: ["reboot_timeout_sec"]),
      ArgumentSpecification(
        "pre_reboot_delay", .integer, "Seconds before the restart.", default: 0,
        aliases: ["pre_reboot_delay_sec"]),
      ArgumentSpecification(
        "post_reboot_delay", .integer, "Seconds to leave it alone after the restart.", default: 0,
        aliases: ["post_reboot_delay_sec"]),
      ArgumentSpecification(
        "test_command", .string, "Succeeds where the host is ready.", default: "whoami"),
      ArgumentSpecification(
        "msg", .string, "What people who are logged in are told.",
        default: "Reboot initiated by Ansible"),
      ArgumentSpecification(
        "reboot_command", .string, "What restarts the host, in place of the usual."),
      ArgumentSpecification(
        "boot_time_command", .string, "Says something that changes with each boot."),
      ArgumentSpecification(
        "connect_timeout", .integer, "Without meaning: each try has the connection's time-out.",
        aliases: ["connect_timeout_sec"]),
      ArgumentSpecification(
        "search_paths", .list, "Where else programs are looked for.",
        default: .list(["/sbin", "/bin", "/usr/sbin", "/usr/bin", "/usr/local/sbin"])),
    ],
    results: [
      ("rebooted", "Whether it was restarted."), ("elapsed", "Seconds that it took."),
    ],
    example: """
      - name: Start with the new kernel
        ansible.builtin.reboot:
          reboot_timeout: 300
        become: true
      """)

  private let timeout: Int
  private let before: Int
  private let after: Int
  private let test: String
  private let message: String
  private let command: String?
  private let bootScript: String
  private let paths: [String]

  package init(_ arguments: Arguments) throws(ArgumentError) {
    timeout = try arguments.integer("reboot_timeout") ?? 600
    before = max(0, try arguments.integer("pre_reboot_delay") ?? 0)
    after = max(0, try arguments.integer("post_reboot_delay") ?? 0)
    test = try arguments.string("test_command") ?? "whoami"
    message = try arguments.string("msg") ?? "Reboot initiated by Ansible"
    command = try arguments.string("reboot_command")
    paths = try arguments.strings("search_paths") ?? []
    bootScript =
      try arguments.string("boot_time_command")
      ?? "cat /proc/sys/kernel/random/boot_id && sed 's/.*) //' /proc/1/stat | cut -d ' ' -f 20"
  }

  /// Which boot it is; nobody else's change, so never from memory.
  package var probe: Probe<String> {
    Probe(
      Query(bootScript, about: [.everything]) { (output) throws(HostError) in
        guard output.status == 0, !output.text.isEmpty else {
          throw HostError(
            .probeFailed, "can't tell one boot from another: \(output.errorText)",
            help: "give a command in `boot_time_command` that says something else after each boot")
        }
        return output.text
      })
  }

  package func diff(from current: String) -> Change {
    var change = Change(
      actions: [
        Action(
          .run(Command(script)), touches: [.everything], summary: command ?? "restart the host")
      ], reason: "it restarts each time", result: ["rebooted": true], unknownResults: ["elapsed"],
      isOpaque: true)
    change.restart = Restart(
      bootScript: bootScript, before: current, timeout: .seconds(timeout), delay: .seconds(after),
      readyScript: test)
    return change
  }

  /// In the background and a moment later: this script's own end must be heard.
  private var script: String {
    let path = paths.isEmpty ? "" : "PATH=$PATH:\(paths.joined(separator: ":"))\n"
    let own = command.map { "( \($0) )" }
    let usual = """
      if [ -d /run/systemd/system ]; then systemctl reboot
      elif command -v shutdown >/dev/null; then shutdown -r now \(Shell.quote(message))
      else reboot; fi
      """
    let check =
      command == nil
      ? """
      [ "$(id -u)" = 0 ] || { echo 'only root can restart the host: set become' >&2; exit 1; }
      \(before == 0 ? "" : "{ echo \(Shell.quote(message)) | wall; } 2>/dev/null || :\n")
      """ : ""
    let background = Shell.quote("sleep \(before + 1)\n\(own ?? usual)")
    return """
      \(path)\(check)
      export PATH
      if command -v setsid >/dev/null; then setsid sh -c \(background) >/dev/null 2>&1 </dev/null &
      else nohup sh -c \(background) >/dev/null 2>&1 </dev/null & fi
      """
  }
}
