internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `stat`: what is at a path.
struct Stat: Module {
  static let documentation = ModuleDocumentation(
    name: "stat",
    summary: "Tells what is at a path: kind, owner, mode, times, digest.",
    notes: [
      "What an earlier task of a plan will write isn't there yet, so a plan can't tell of it.",
      "`mimetype` and `charset` come from the host's `file`, `attributes` from its `lsattr`; "
        + "without them they are `unknown` and missing.",
    ],
    arguments: [
      ArgumentSpecification(
        "path", .path, "The path on the host.", isRequired: true, aliases: ["dest", "name"]),
      ArgumentSpecification("follow", .boolean, "Tell of what a link leads to.", default: false),
      ArgumentSpecification("get_checksum", .boolean, "Make a digest.", default: true),
      ArgumentSpecification(
        "checksum_algorithm", .string, "The digest.", default: "sha1", choices: DigestProgram.names,
        aliases: ["checksum", "checksum_algo"]),
      ArgumentSpecification(
        "get_mime", .boolean, "Tell the kind of content.", default: true,
        aliases: ["mime", "mime_type", "mime-type"]),
      ArgumentSpecification(
        "get_attributes", .boolean, "Tell the file system's flags.", default: true,
        aliases: ["attr", "attributes"]),
    ],
    results: [("stat", "What was found; `stat.exists` alone where nothing is there.")],
    example: """
      - stat:
          path: /etc/kubernetes/admin.conf
        register: admin
      """)

  private let path: String
  private let follows: Bool
  private let digest: String?
  private let wantsMime: Bool
  private let wantsFlags: Bool

  init(_ arguments: Arguments) throws(ArgumentError) {
    path = try arguments.requiredString("path")
    follows = try arguments.boolean("follow") ?? false
    let wantsDigest = try arguments.boolean("get_checksum") ?? true
    let name = try arguments.string("checksum_algorithm") ?? "sha1"
    digest = wantsDigest ? name : nil
    wantsMime = try arguments.boolean("get_mime") ?? true
    wantsFlags = try arguments.boolean("get_attributes") ?? true
  }

  var probe: Probe<OrderedDictionary<String, Value>> {
    RemotePath.probe(path) { path in
      let question = Question(script: script(path), about: [.path(path)], isObserved: true)
      return Probe(
        Query(question) { (output) throws(HostError) in try parse(output, path) })
    }
  }

  func diff(from current: OrderedDictionary<String, Value>) -> Change {
    .satisfied(["stat": .object(current)])
  }

  private func script(_ path: String) -> String {
    let word = Shell.quote(path)
    let follow = follows ? " -L" : ""
    let test = follows ? "[ -e \(word) ]" : "[ -e \(word) ] || [ -L \(word) ]"
    var lines = [
      "\(test) || { echo absent; exit 0; }",
      "stat\(follow) -c \(Shell.quote(DetailedStatus.format)) -- \(word) || exit 1",
      "f() { [ -n \"$2\" ] && printf '%s %s\\n' \"$1\" \"$2\"; }",
      "f target \"$(readlink -- \(word))\"", "f source \"$(readlink -f -- \(word))\"",
      "for a in r w x; do [ -$a \(word) ] && echo can $a; done",
    ]
    if let digest {
      lines.append("[ -f \(word) ] && f checksum \"$(\(DigestProgram.command(digest, word)))\"")
    }
    if wantsMime {
      let option = follows ? "-L " : ""
      lines.append("f mime \"$(file -b \(option)--mime-type --mime-encoding -- \(word))\"")
    }
    if wantsFlags { lines.append("f flags \"$(lsattr -vd -- \(word))\"") }
    return "{ \(lines.joined(separator: "\n"))\n:; } 2>/dev/null"
  }

  private func parse(
    _ output: CommandOutput, _ path: String
  ) throws(HostError) -> OrderedDictionary<String, Value> {
    var lines = output.text.split(separator: "\n").map(String.init)[...]
    let first = lines.popFirst() ?? ""
    if first == "absent" { return ["exists": false] }
    guard let status = DetailedStatus(line: first) else {
      throw HostError(.probeFailed, "can't tell what is at \(path)", output: output)
    }
    var values: OrderedDictionary<String, Value> = ["exists": true]
    values.merge(status.values) { $1 }
    values["path"] = .string(path)
    values["blocks"] = .int(status.blocks)
    values["block_size"] = .int(status.blockSize)
    values["device_type"] = .int(status.deviceType)
    for name in ["readable", "writeable", "executable"] { values[name] = false }
    for line in lines { add(line, to: &values, isLink: status.isLink) }
    if wantsMime, values["mimetype"] == nil {
      values["mimetype"] = "unknown"
      values["charset"] = "unknown"
    }
    return values
  }

  private func add(
    _ line: String, to values: inout OrderedDictionary<String, Value>, isLink: Bool
  ) {
    let split = line.firstIndex(of: " ") ?? line.endIndex
    let value = String(line[split...].dropFirst())
    switch line[..<split] {
    case "can":
      let names = ["r": "readable", "w": "writeable", "x": "executable"]
      if let name = names[value] { values[name] = true }
    case "target" where isLink: values["lnk_target"] = .string(value)
    case "source" where isLink: values["lnk_source"] = .string(value)
    case "checksum" where !isLink: values["checksum"] = .string(value)
    case "mime":
      let parts = value.split(separator: ";").map(FactSections.strip)
      values["mimetype"] = .string(parts.first ?? "unknown")
      values["charset"] = .string(
        parts.dropFirst().first?.replacing("charset=", with: "") ?? "unknown")
    case "flags":
      let words = FactSections.words(value)
      guard words.count > 1 else { return }
      let flags = words[1].filter { $0 != "-" }
      values["version"] = .string(words[0])
      values["attr_flags"] = .string(flags)
      values["attributes"] = .strings(flags.compactMap { Self.flags[$0] })
    default: break
    }
  }

  /// What `lsattr`'s letters mean.
  private static let flags: [Character: String] = [
    "A": "noatime", "D": "synchronous directory updates", "E": "compressed error",
    "I": "indexed directory", "S": "synchronous updates", "T": "top of directory hierarchy",
    "X": "compressed raw access", "a": "appendonly", "c": "compressed", "d": "nodump",
    "e": "extents", "h": "huge file", "i": "immutable", "j": "journalled", "s": "secure deletion",
    "t": "tail-merging", "u": "undeletable", "x": "dirty compressed", "C": "nocow",
    "P": "project hierarchy", "V": "verity", "F": "casefold", "N": "inline data",
  ]
}
