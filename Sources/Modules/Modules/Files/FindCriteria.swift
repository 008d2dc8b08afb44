internal import ModuleKit
internal import RegularExpressions
internal import Values

/// What the files are like that `find` looks for.
struct FindCriteria: Sendable {
  private let kind: String
  private let patterns: NameTest?
  private let excludes: NameTest?
  private let showsHidden: Bool
  private let age: Int?
  private let stamp: String
  private let size: Int?
  private let mode: FileMode?
  private let isExactMode: Bool
  /// An expression that the content matches; nil where it doesn't matter.
  let contains: RegularExpression?
  private let readsWhole: Bool

  /// Patterns of the shell's kind, or regular expressions that match from the beginning.
  private enum NameTest: Sendable {
    case patterns([FileNamePattern])
    case expressions([RegularExpression])

    func fits(_ name: String) -> Bool {
      switch self {
      case .patterns(let patterns): patterns.contains { $0.matches(name) }
      case .expressions(let expressions):
        // An expression that can't be matched in bounds fits nothing.
        expressions.contains { ((try? $0.prefixMatch(in: name)) ?? nil) != nil }
      }
    }
  }

  init(_ arguments: Arguments) throws(ArgumentError) {
    kind = try arguments.string("file_type") ?? "file"
    let usesExpressions = try arguments.boolean("use_regex") ?? false
    patterns = try Self.test(arguments, "patterns", usesExpressions)
    excludes = try Self.test(arguments, "excludes", usesExpressions)
    showsHidden = try arguments.boolean("hidden") ?? false
    let seconds = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
    age = try Self.amount(arguments, "age", seconds)
    stamp = try arguments.string("age_stamp") ?? "mtime"
    let bytes = ["b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40]
    size = try Self.amount(arguments, "size", bytes)
    mode = try FileMode(arguments)
    isExactMode = try arguments.boolean("exact_mode") ?? true
    readsWhole = try arguments.boolean("read_whole_file") ?? false
    contains = try TextEdit.expression(arguments, "contains", readsWhole ? [.multiline] : [])
  }

  private static func test(
    _ arguments: Arguments, _ name: String, _ usesExpressions: Bool
  ) throws(ArgumentError) -> NameTest? {
    guard let texts = try arguments.strings(name), !texts.isEmpty else { return nil }
    guard usesExpressions else { return .patterns(texts.map { FileNamePattern($0) }) }
    var expressions: [RegularExpression] = []
    for text in texts {
      do { expressions.append(try RegularExpression(text)) } catch {
        throw ArgumentError(
          argument: name, "`\(text)` is no regular expression: \(error.description)")
      }
    }
    return .expressions(expressions)
  }

  /// `-2d` as a number of seconds, `10k` as one of bytes.
  private static func amount(
    _ arguments: Arguments, _ name: String, _ units: [String: Int]
  ) throws(ArgumentError) -> Int? {
    guard let text = try arguments.string(name) else { return nil }
    let digits = text.prefix { $0 == "-" || $0.isNumber }
    let unit = text.dropFirst(digits.count).lowercased().prefix(1)
    guard let number = Int(digits), let factor = unit.isEmpty ? 1 : units[String(unit)] else {
      throw arguments.mismatch(name, "a number with one of \(units.keys.sorted().joined())")
    }
    return number * factor
  }

  /// Whether everything but the content fits.
  func fits(_ file: DetailedStatus, now: Double) -> Bool {
    let name = RemotePath.baseName(file.path)
    if name.hasPrefix("."), !showsHidden { return false }
    if let patterns, !patterns.fits(name) { return false }
    if let excludes, excludes.fits(name) { return false }
    switch kind {
    case "file": if !file.isFile { return false }
    case "directory": if !file.isFolder { return false }
    case "link": if !file.isLink { return false }
    default: break
    }
    if let age {
      let time =
        stamp == "atime" ? file.accessed : stamp == "ctime" ? file.changed : file.modified
      let past = now - time
      if age >= 0 ? past < Double(age) : past > Double(-age) { return false }
    }
    if let size, kind == "file" || file.isFile {
      if size >= 0 ? file.size < size : file.size > -size { return false }
    }
    if let wanted = mode?.bits(over: 0, isFolder: false) {
      if isExactMode ? file.mode != wanted : file.mode & wanted == 0 { return false }
    }
    return true
  }

  /// Whether a line of the content, or all of it, matches.
  func fits(content: [UInt8]) -> Bool {
    guard let contains else { return true }
    let texts = readsWhole ? [content] : TextLines(content).lines
    return texts.contains { text in
      let text = TextEdit.text(text)
      return readsWhole
        ? ((try? contains.firstMatch(in: text)) ?? nil) != nil
        : ((try? contains.prefixMatch(in: text)) ?? nil) != nil
    }
  }
}
