package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import RegularExpressions
internal import Values

/// Waits for a port or a path.
package struct WaitForModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "wait_for", summary: "Waits until a port answers, or a path is there, or either is gone.",
    notes: [
      "The host itself looks: a port of `host` is tried from there, by bash or nc.",
      "With neither `port` nor `path` it waits for `timeout` seconds.",
    ],
    arguments: [
      ArgumentSpecification(
        "host", .string, "Where the port is.", default: "127.0.0.1"),
      ArgumentSpecification("port", .integer, "The port."),
      ArgumentSpecification("path", .path, "The path."),
      ArgumentSpecification(
        "state", .string, "What to wait for.", default: "started",
        choices: ["absent", "drained", "present", "started", "stopped"]),
      ArgumentSpecification(
        "search_regex", .string, "What the file, or what the port says first, must have."),
      ArgumentSpecification(
        "timeout", .integer, "Seconds to wait at the most.", default: 300),
      ArgumentSpecification(
        "connect_timeout", .integer, "Seconds that one try may take.", default: 5),
      ArgumentSpecification("delay", .integer, "Seconds before the first look.", default: 0),
      ArgumentSpecification("sleep", .integer, "Seconds between looks.", default: 1),
      ArgumentSpecification("msg", .string, "What to say when it takes too long."),
      ArgumentSpecification(
        "exclude_hosts", .list, "With `drained`: peers whose connections don't count."),
    ],
    results: [
      ("elapsed", "Seconds that it took."), ("state", "What was waited for."),
      ("match_groups", "The groups of `search_regex`."),
      ("match_groupdict", "The named groups of `search_regex`."),
    ],
    example: """
      - name: Wait for the apiserver behind the virtual IP
        ansible.builtin.wait_for:
          host: "{{ vip }}"
          port: 6443
          timeout: 120
      """)

  private let host: String
  private let port: Int?
  private let path: String?
  private let state: String
  private let pattern: String?
  private let expression: RegularExpression?
  private let timeout: Int
  private let connectTimeout: Int
  private let delay: Int
  private let sleep: Int
  private let message: String?
  private let excluded: [String]

  package init(_ arguments: Arguments) throws(ArgumentError) {
    host = try arguments.string("host") ?? "127.0.0.1"
    port = try arguments.integer("port")
    path = try arguments.string("path")
    state = try arguments.string("state") ?? "started"
    pattern = try arguments.string("search_regex")
    timeout = try arguments.integer("timeout") ?? 300
    connectTimeout = try arguments.integer("connect_timeout") ?? 5
    delay = try arguments.integer("delay") ?? 0
    sleep = try arguments.integer("sleep") ?? 1
    message = try arguments.string("msg")
    excluded = try arguments.strings("exclude_hosts") ?? []
    do {
      expression = try pattern.map { (text) throws(RegularExpressionError) in
        try RegularExpression(text, .multiline)
      }
    } catch {
      throw ArgumentError(argument: "search_regex", "`search_regex` is wrong: \(error)")
    }
    if port != nil, path != nil {
      throw ArgumentError("port and path parameter can not both be passed to wait_for")
    }
    if let path, state == "stopped" || state == "drained" {
      throw ArgumentError(
        argument: "state", "`state: \(state)` has no meaning for the path \(path)",
        help: "use `state: absent` for paths")
    }
    if state == "drained", port == nil {
      throw ArgumentError(argument: "state", "`state: drained` needs a `port`")
    }
    if let port, !(1...65535).contains(port) {
      throw ArgumentError(argument: "port", "\(port) is no port")
    }
  }

  /// What a look finds.
  package struct State: Hashable, Sendable {
    package var isThere: Bool
    package var text: String
    /// Connections to the port.
    package var connections: Int
  }

  private var isTimer: Bool { port == nil && path == nil }

  package var waiting: Waiting? {
    Waiting(
      timeout: .seconds(timeout), interval: .seconds(max(sleep, 0)),
      delay: .seconds(isTimer ? timeout : delay))
  }

  package var probe: Probe<State> {
    if let path { return pathProbe(path) }
    guard let port else { return Probe(State(isThere: true, text: "", connections: 0)) }
    let script = state == "drained" ? drainScript(port) : connectScript(port)
    let question = Question(script: script, about: [.port(port)], isObserved: true)
    return Probe(
      Query(question) { (output) throws(HostError) in
        if output.status == 9 { throw HostError(.probeFailed, output.complaint) }
        return State(
          isThere: output.status == 0, text: output.text, connections: Int(output.text.trimmed) ?? 0
        )
      })
  }

  private func pathProbe(_ path: String) -> Probe<State> {
    let question = Question(
      script: "[ -e \(path.tildeWord) ] || exit 1"
        + (expression == nil ? "" : "; cat \(path.tildeWord) 2>/dev/null; exit 0"),
      about: [.path(path)], isObserved: true)
    return Probe(
      Query(question) { (output) throws(HostError) in
        State(isThere: output.status == 0, text: output.text, connections: 0)
      })
  }

  /// Debian has bash, others nc; a shell of POSIX alone can't connect.
  private func connectScript(_ port: Int) -> String {
    let reads = expression != nil
    let read = reads ? " && timeout \(connectTimeout) head -c 65536 <&3" : ""
    return """
      h=\(Shell.quote(host))
      if command -v bash >/dev/null; then
      timeout \(connectTimeout) bash -c 'exec 3<>"/dev/tcp/$1/$2"\(read)' bash "$h" \(port) 2>/dev/null; s=$?
      if [ $s = 124 ] && [ \(reads ? 1 : 0) = 1 ]; then exit 0; fi; [ $s = 0 ]
      elif command -v nc >/dev/null; then
      nc -w \(connectTimeout) \(reads ? "" : "-z ")"$h" \(port) </dev/null 2>/dev/null
      else echo 'wait_for needs bash or nc on the host' >&2; exit 9; fi
      """
  }

  /// How many connections to the port the kernel lists, listening sockets left out.
  private func drainScript(_ port: Int) -> String {
    let digits = String(port, radix: 16, uppercase: true)
    let hex = String(repeating: "0", count: 4 - digits.count) + digits
    let peers = excluded.compactMap(Self.kernelAddress)
    let filter =
      peers.isEmpty ? "" : " | grep -v \(peers.map { "-e ' \($0):'" }.joined(separator: " "))"
    // sl local_address rem_address st: the fourth word is the state, 0A listens, 06 has ended.
    return """
      cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$2 ~ /:\(hex)$/ && $4 != "0A" && $4 != "06" {
      print " " $3 }'\(filter) | wc -l
      """
  }

  /// An IPv4 address as /proc/net/tcp writes it: hexadecimal, last part first.
  private static func kernelAddress(_ address: String) -> String? {
    let parts = address.split(separator: ".").compactMap { UInt8($0) }
    guard parts.count == 4 else { return nil }
    return parts.reversed().map {
      let digits = String($0, radix: 16, uppercase: true)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  package func diff(from current: State) -> Change {
    var result: OrderedDictionary<String, Value> = [
      "state": .string(state), "port": port.map { .int($0) } ?? .null,
      "path": path.map { .string($0) } ?? .null,
      "search_regex": pattern.map { .string($0) } ?? .null,
      "match_groups": [], "match_groupdict": [:],
    ]
    var holds: Bool
    switch state {
    case "absent", "stopped": holds = !current.isThere
    case "drained": holds = current.connections == 0
    default: holds = current.isThere
    }
    if holds, state == "started" || state == "present", let expression {
      let match = (try? expression.firstMatch(in: current.text)) ?? nil
      holds = match != nil
      if let match {
        result["match_groups"] = .list(match.groups)
        result["match_groupdict"] = .object(match.namedGroups(of: expression))
      }
    }
    return holds
      ? .satisfied(result) : Change(result: result, waitsFor: words, timeoutFailure: message)
  }

  /// What Ansible says when it took too long, without "Timeout when waiting for".
  private var words: String {
    if let path {
      if state == "absent" { return "\(path) to be absent." }
      return pattern.map { "search string \($0) in \(path)" } ?? "file \(path)"
    }
    let place = "\(host):\(port ?? 0)"
    if state == "stopped" || state == "absent" { return "\(place) to stop." }
    if state == "drained" { return "\(place) to drain" }
    return pattern.map { "search string \($0) in \(place)" } ?? place
  }
}

extension RegularExpression.Match {
  /// All groups but the whole, null where one took no part.
  fileprivate var groups: [Value] {
    (0..<groupCount).map { self[$0 + 1].map { .string(String($0)) } ?? .null }
  }

  fileprivate func namedGroups(of expression: RegularExpression) -> OrderedDictionary<String, Value>
  {
    var groups: OrderedDictionary<String, Value> = [:]
    for (name, number) in expression.groupNumbers.sorted(by: { $0.value < $1.value }) {
      groups[name] = self[number].map { .string(String($0)) } ?? .null
    }
    return groups
  }
}
