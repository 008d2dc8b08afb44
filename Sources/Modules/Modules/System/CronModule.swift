package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Sets jobs and variables of crontabs.
package struct CronModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "cron", summary: "Sets jobs and variables of crontabs.",
    notes: ["`insertafter`, `insertbefore` and `backup` aren't supported."],
    arguments: [
      ArgumentSpecification("name", .string, "The job's or variable's name.", isRequired: true),
      ArgumentSpecification("job", .string, "What to run; a variable's value.", aliases: ["value"]),
      ArgumentSpecification(
        "state", .string, "Whether it shall be there.", default: "present",
        choices: ["present", "absent"]),
      ArgumentSpecification("env", .boolean, "It is a variable.", default: false),
      ArgumentSpecification("minute", .string, "Minute.", default: "*"),
      ArgumentSpecification("hour", .string, "Hour.", default: "*"),
      ArgumentSpecification("day", .string, "Day of the month.", default: "*", aliases: ["dom"]),
      ArgumentSpecification("month", .string, "Month.", default: "*"),
      ArgumentSpecification("weekday", .string, "Day of the week.", default: "*", aliases: ["dow"]),
      ArgumentSpecification(
        "special_time", .string, "A time by name.",
        choices: ["annually", "daily", "hourly", "monthly", "reboot", "weekly", "yearly"]),
      ArgumentSpecification("disabled", .boolean, "Keep it as a comment.", default: false),
      ArgumentSpecification("user", .string, "Whose crontab, or who runs a `cron_file`'s job."),
      ArgumentSpecification(
        "cron_file", .path, "A file under /etc/cron.d instead of a user's crontab."),
    ], results: [("jobs", "The names of all jobs."), ("envs", "The names of all variables.")],
    example: """
      - name: Save etcd each night
        ansible.builtin.cron:
          name: save etcd
          hour: "3"
          minute: "15"
          job: /usr/local/sbin/save-etcd
      """)

  private let name: String
  private let isPresent: Bool
  private let isVariable: Bool
  /// The job's line, or the variable's value.
  private let line: String
  private let user: String?
  private let file: String?

  package init(_ arguments: Arguments) throws(ArgumentError) {
    name = try arguments.requiredString("name")
    isPresent = try arguments.string("state") != "absent"
    isVariable = try arguments.boolean("env") ?? false
    user = try arguments.string("user")
    file = try arguments.string("cron_file").map { $0.hasPrefix("/") ? $0 : "/etc/cron.d/\($0)" }
    let job = try arguments.string("job") ?? ""
    if isPresent, job.isEmpty {
      throw ArgumentError(argument: "job", "`cron` needs a `job`, or `state: absent`")
    }
    if (name + job).contains("\n") {
      throw ArgumentError(argument: "job", "a crontab's lines can't have line ends")
    }
    if file != nil, user == nil, isPresent, !isVariable {
      throw ArgumentError(argument: "user", "a `cron_file` needs the `user` that runs the job")
    }
    line = isVariable ? job : try Self.line(arguments, job, inFile: file != nil, user)
  }

  private static func line(
    _ arguments: Arguments, _ job: String, inFile: Bool, _ user: String?
  ) throws(ArgumentError) -> String {
    var words: [String] = []
    if let special = try arguments.string("special_time") {
      words.append("@\(special)")
    } else {
      for field in ["minute", "hour", "day", "month", "weekday"] {
        words.append(try arguments.string(field) ?? "*")
      }
    }
    if inFile, let user { words.append(user) }
    words.append(job)
    let comment = try arguments.boolean("disabled") ?? false ? "#" : ""
    return comment + words.joined(separator: " ")
  }

  private var option: String { user.map { " -u \(Shell.quote($0))" } ?? "" }

  package var probe: Probe<String> {
    if let file {
      return Probe<FileStatus>(.content(of: file)).map { (status) throws(HostError) in
        String(decoding: status.content ?? [], as: UTF8.self)
      }
    }
    let script = """
      command -v crontab >/dev/null || { echo 'there is no crontab on the host' >&2; exit 9; }
      crontab\(option) -l 2>/dev/null; exit 0
      """
    let subjects: [Subject] = [.path("/var/spool/cron"), .package("cron")]
    return Probe<String>(
      Query(script, about: subjects) { (output) throws(HostError) in
        if output.status != 0 {
          throw HostError(.probeFailed, output.complaint, help: "install the package cron")
        }
        return output.text
      })
  }

  package func diff(from current: String) -> Change {
    let table = CronTable(current)
    let wanted: CronTable
    if isVariable {
      wanted = table.setting(variable: name, to: isPresent ? line : nil)
    } else {
      wanted = table.setting(job: name, to: isPresent ? line : nil)
    }
    let result: OrderedDictionary<String, Value> = [
      "jobs": .strings(
        wanted.lines.filter { $0.hasPrefix(CronTable.mark) }
          .map { $0.dropFirst(CronTable.mark.count).description }),
      "envs": .strings(
        wanted.lines.compactMap { line in
          let name = line.prefix { $0 != "=" }.description
          return name.isVariableName && name.count < line.count ? name : nil
        }),
    ]
    if wanted == table { return .satisfied(result) }
    let label = file ?? "crontab" + (user.map { " of \($0)" } ?? "")
    return Change(
      differences: [
        Difference(
          label, .text(before: current.isEmpty ? nil : current, after: wanted.text))
      ], actions: [action(wanted)], reason: "\(label) differs", result: result)
  }

  private func action(_ table: CronTable) -> Action {
    guard let file else {
      return Action(
        .run(Command("crontab\(option) -", standardInput: Array(table.text.utf8))),
        touches: [.path("/var/spool/cron")], summary: "write the crontab")
    }
    if table.lines.isEmpty {
      return Action(.remove(path: file), touches: [.path(file)], summary: "remove \(file)")
    }
    let write = FileWrite(
      path: file, content: .text(table.text), attributes: FileAttributes(mode: 0o644))
    return Action(.write(write), touches: [.path(file)], summary: "write \(file)")
  }
}
