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
    path("basename") { path in
      .string(String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""))
    },
    path("dirname") { .string(dirname($0)) },
    path("splitext") { path in
      let (root, end) = splitExtension(path)
      return .tuple([.string(root), .string(end)])
    },
    LibraryFunction(
      "expanduser",
      whole: { .string(expandUser($0.text, $0.evaluator.session.resources)) }),
    LibraryFunction(
      "expandvars",
      whole: { (call) throws(TemplateError) in
        .string(expandVariables(call.text, call.evaluator.session.resources))
      }),
    LibraryFunction("realpath", whole: { .string(realPath($0.text)) }),
    LibraryFunction(
      "relpath", "start?",
      whole: { (call) throws(TemplateError) in
        if call.text.isEmpty { throw call.failure("no path specified") }
        return .string(relativePath(call.text, from: call.text("start") ?? "."))
      }),
    LibraryFunction("normpath", whole: { .string(normalized($0.text)) }),
    LibraryFunction(
      "path_join",
      whole: { (call) throws(TemplateError) in
        if case .string = call.input { return call.input }
        guard let items = call.input.sequence else {
          throw call.failure(
            "|path_join expects string or sequence, got <class '\(call.input.pythonTypeName)'> "
              + "instead.")
        }
        if items.isEmpty {
          throw TemplateError(.type, "join() missing 1 required positional argument: 'a'")
        }
        return .string(joined(try texts(items, "join() argument")))
      }),
    LibraryFunction(
      "commonpath",
      whole: { (call) throws(TemplateError) in
        .string(try commonPath(try texts(try call.items(), "expected")))
      }),
    path("win_basename") { .string(WindowsPath($0).base) },
    path("win_dirname") { .string(WindowsPath($0).folder) },
    path("win_splitdrive") { path in
      let parts = WindowsPath(path)
      return .tuple([.string(parts.drive), .string(parts.rest)])
    },
    path("fileglob") { .strings(files(matching: $0)) },
    LibraryFunction(
      "urlsplit", "query?",
      whole: { (call) throws(TemplateError) in
        let parts = try URLParts(call.text).value()
        guard let name = call.text("query"), !name.isEmpty else { return parts }
        guard let part = parts[name] else { throw call.failure("unknown URL component: \(name)") }
        return part
      }),
  ]

  /// A filter that takes nothing but text.
  private static func path(
    _ name: String, _ body: @escaping @Sendable (String) -> Value
  ) -> LibraryFunction {
    LibraryFunction(
      name,
      whole: { (call) throws(TemplateError) in
        guard case .string(let path) = call.input else {
          throw TemplateError(
            .type,
            "expected str, bytes or os.PathLike object, not \(call.input.pythonTypeName)")
        }
        return body(path)
      })
  }

  /// The files of the controller that a pattern of the shell matches, without folders.
  private static func files(matching pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }.filter { path in
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
  }

  private static func texts(_ items: [Value], _ what: String) throws(TemplateError) -> [String] {
    var texts: [String] = []
    for item in items {
      guard case .string(let text) = item else {
        let isJoin = what.hasPrefix("join")
        throw TemplateError(
          .type,
          isJoin
            ? "\(what) must be str, bytes, or os.PathLike object, not '\(item.pythonTypeName)'"
            : "\(what) str, bytes or os.PathLike object, not \(item.pythonTypeName)")
      }
      texts.append(text)
    }
    return texts
  }

  private static func joined(_ parts: [String]) -> String {
    var path = ""
    for part in parts {
      if part.hasPrefix("/") || path.isEmpty {
        path = part
      } else {
        path += (path.hasSuffix("/") ? "" : "/") + part
      }
    }
    return path
  }

  private static func commonPath(_ paths: [String]) throws(TemplateError) -> String {
    guard let first = paths.first else {
      throw TemplateError(.other, "commonpath() arg is an empty sequence")
    }
    let isAbsolute = first.hasPrefix("/")
    guard paths.allSatisfy({ $0.hasPrefix("/") == isAbsolute }) else {
      throw TemplateError(.other, "Can't mix absolute and relative paths")
    }
    let parts = paths.map { $0.split(separator: "/").filter { $0 != "." } }
    var common = parts[0]
    for path in parts { common = Array(zip(common, path).prefix { $0 == $1 }.map(\.0)) }
    return (isAbsolute ? "/" : "") + common.joined(separator: "/")
  }

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

  /// `~` is the home of whoever runs this, `~name` that of another.
  private static func expandUser(
    _ path: String, _ resources: any TemplateResources
  ) -> String {
    guard path.hasPrefix("~") else { return path }
    let name = path.dropFirst().prefix { $0 != "/" }
    let rest = path.dropFirst(name.count + 1)
    if name.isEmpty, let home = resources.environment("HOME") { return home + rest }
    let entry = name.isEmpty ? getpwuid(getuid()) : getpwnam(String(name))
    guard let home = entry?.pointee.pw_dir else { return path }
    return String(cString: home) + rest
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
      let isClosed = !isBraced || word.endIndex < name.endIndex
      if isClosed, !word.isEmpty, let value = resources.environment(String(word)) {
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
    // POSIX leaves the meaning of two slashes, and of no more, to the system.
    let root = path.hasPrefix("//") && !path.hasPrefix("///") ? "//" : isAbsolute ? "/" : ""
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !isAbsolute {
        parts.append(part)
      }
    }
    let joined = root + parts.joined(separator: "/")
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
