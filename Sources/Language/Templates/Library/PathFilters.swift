internal import OrderedCollections
internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Filters of paths and addresses of the web.
enum PathFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "basename",
      whole: { (call) in
        .string(
          String(call.text.split(separator: "/", omittingEmptySubsequences: false).last ?? ""))
      }),
    LibraryFunction("dirname", whole: { .string(dirname($0.text)) }),
    LibraryFunction(
      "splitext",
      whole: { (call) in
        let (root, end) = splitExtension(call.text)
        return .strings([root, end])
      }),
    LibraryFunction("expanduser", whole: { .string(expandUser($0.text)) }),
    LibraryFunction(
      "expandvars",
      whole: { (call) throws(TemplateError) in
        .string(expandVariables(call.text, call.evaluator.session.resources))
      }),
    LibraryFunction("realpath", whole: { .string(realPath($0.text)) }),
    LibraryFunction(
      "relpath", "start?",
      whole: { (call) in
        .string(relativePath(call.text, from: call.text("start") ?? "."))
      }),
    LibraryFunction("normpath", whole: { .string(normalized($0.text)) }),
    LibraryFunction(
      "path_join",
      whole: { (call) throws(TemplateError) in
        if case .string = call.input { return call.input }
        var path = ""
        for part in try call.items().map(PythonText.str) {
          if part.hasPrefix("/") || path.isEmpty {
            path = part
          } else {
            path += (path.hasSuffix("/") ? "" : "/") + part
          }
        }
        return .string(path)
      }),
    LibraryFunction(
      "commonpath",
      whole: { (call) throws(TemplateError) in
        let paths = try call.items().map { PythonText.str($0).split(separator: "/") }
        var common = paths.first ?? []
        for path in paths { common = Array(zip(common, path).prefix { $0 == $1 }.map(\.0)) }
        let isAbsolute = try call.items().first.map { PythonText.str($0).hasPrefix("/") } ?? false
        return .string((isAbsolute ? "/" : "") + common.joined(separator: "/"))
      }),
    LibraryFunction(
      "win_basename",
      whole: { (call) in
        .string(String(call.text.split { "\\/".contains($0) }.last ?? ""))
      }),
    LibraryFunction(
      "win_dirname",
      whole: { (call) in
        guard let end = call.text.lastIndex(where: { "\\/".contains($0) }) else { return "" }
        return .string(String(call.text[..<end]))
      }),
    LibraryFunction(
      "win_splitdrive",
      whole: { (call) in
        guard call.text.dropFirst().first == ":" else { return .strings(["", call.text]) }
        return .strings([String(call.text.prefix(2)), String(call.text.dropFirst(2))])
      }),
    LibraryFunction(
      "urlsplit", "query?",
      whole: { (call) throws(TemplateError) in
        let parts = URLParts(call.text).value
        guard let name = call.text("query"), !name.isEmpty else { return parts }
        guard let part = parts[name] else { throw call.failure("unknown URL component: \(name)") }
        return part
      }),
  ]

  static func dirname(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    var head = path[...slash]
    while head.count > 1, head.hasSuffix("/") { head.removeLast() }
    return String(head)
  }

  private static func splitExtension(_ path: String) -> (String, String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let bare = name.drop { $0 == "." }
    guard let dot = bare.lastIndex(of: ".") else { return (path, "") }
    return (String(path[..<dot]), String(path[dot...]))
  }

  private static func expandUser(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    return String(cString: home) + path.dropFirst()
  }

  private static func expandVariables(
    _ text: String, _ resources: any TemplateResources
  ) -> String {
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      var name = rest[rest.index(after: dollar)...]
      let isBraced = name.hasPrefix("{")
      if isBraced { name = name.dropFirst() }
      let word = name.prefix { isBraced ? $0 != "}" : $0.isLetter || $0.isNumber || $0 == "_" }
      let end = isBraced ? name[word.endIndex...].dropFirst() : name[word.endIndex...]
      if let value = resources.environment(String(word)), !word.isEmpty {
        result += value
      } else {
        result += rest[dollar..<end.startIndex]
      }
      rest = end
    }
    return result + rest
  }

  private static func currentFolder() -> String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }

  private static func absolute(_ path: String) -> String {
    normalized(path.hasPrefix("/") ? path : currentFolder() + "/" + path)
  }

  private static func realPath(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return absolute(path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  static func normalized(_ path: String) -> String {
    if path.isEmpty { return "." }
    let isAbsolute = path.hasPrefix("/")
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !isAbsolute {
        parts.append(part)
      }
    }
    let joined = (isAbsolute ? "/" : "") + parts.joined(separator: "/")
    return joined.isEmpty ? "." : joined
  }

  private static func relativePath(_ path: String, from start: String) -> String {
    let target = absolute(path).split(separator: "/")
    let base = absolute(start).split(separator: "/")
    let common = zip(target, base).prefix { $0 == $1 }.count
    let parts =
      Array(repeating: "..", count: base.count - common) + target[common...].map(String.init)
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }
}

/// The parts of an address, as Python's `urlsplit` cuts it.
struct URLParts {
  private(set) var scheme = ""
  private(set) var network = ""
  private(set) var path = ""
  private(set) var query = ""
  private(set) var fragment = ""

  init(_ text: String) {
    var rest = text[...]
    if let colon = rest.firstIndex(of: ":"), colon != rest.startIndex,
      rest[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) }),
      rest.first?.isLetter == true
    {
      scheme = rest[..<colon].lowercased()
      rest = rest[rest.index(after: colon)...]
    }
    if rest.hasPrefix("//") {
      rest = rest.dropFirst(2)
      let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
      network = String(rest[..<end])
      rest = rest[end...]
    }
    if let hash = rest.firstIndex(of: "#") {
      fragment = String(rest[rest.index(after: hash)...])
      rest = rest[..<hash]
    }
    if let mark = rest.firstIndex(of: "?") {
      query = String(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    path = String(rest)
  }

  private var user: Substring? {
    network.lastIndex(of: "@").map { network[..<$0] }
  }

  private var address: Substring {
    network.lastIndex(of: "@").map { network[network.index(after: $0)...] } ?? network[...]
  }

  /// Without brackets and port, in lowercase.
  var host: String {
    if address.hasPrefix("["), let end = address.firstIndex(of: "]") {
      return address[..<end].dropFirst().lowercased()
    }
    return address.prefix { $0 != ":" }.lowercased()
  }

  private var port: Int? {
    let rest =
      address.hasPrefix("[")
      ? address.firstIndex(of: "]").map { address[$0...].dropFirst() } ?? "" : address
    return rest.lastIndex(of: ":").flatMap { Int(rest[rest.index(after: $0)...]) }
  }

  /// All parts as Ansible's `urlsplit` names them.
  var value: Value {
    let names = user?.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) ?? []
    let secret: Value = names.count > 1 ? .string(String(names[1])) : .null
    return .object([
      "fragment": .string(fragment), "hostname": host.isEmpty ? .null : .string(host),
      "netloc": .string(network), "password": secret, "path": .string(path),
      "port": port.map { .int($0) } ?? .null, "query": .string(query), "scheme": .string(scheme),
      "username": names.first.map { .string(String($0)) } ?? .null,
    ])
  }
}
