internal import ModuleKit
internal import Values

/// Permissions as a task writes them.
struct FileMode: Hashable, Sendable {
  enum Form: Hashable, Sendable {
    /// The permission bits, 0 to 0o7777.
    case absolute(UInt16)
    /// Clauses as `chmod` reads them: `u=rw,go=r`, `a+X`.
    case symbolic([Clause])
    /// The source file's.
    case preserve
  }

  /// One clause of a symbolic mode.
  struct Clause: Hashable, Sendable {
    /// Some of `u`, `g` and `o`; empty where none is written, which spares the umask's bits.
    var who: String
    var operations: [Operation]
  }

  /// One operator of a clause and what it grants: letters of `rwxXst`, or one of `ugo`.
  struct Operation: Hashable, Sendable {
    var sign: Character
    var permissions: String
  }

  var form: Form

  /// Reads an argument: an integer is taken as it is (YAML reads `0644` as 420), text as octal.
  init?(_ arguments: Arguments, _ name: String = "mode") throws(ArgumentError) {
    guard let value = arguments.value(name)?.unmarked(), value != .null else { return nil }
    if case .int(let number) = value {
      guard (0...0o7777).contains(number) else { throw Self.refusal(arguments, name) }
      form = .absolute(UInt16(number))
      return
    }
    guard case .string(let text) = value, !text.isEmpty, let form = Self.read(text) else {
      throw Self.refusal(arguments, name)
    }
    self.form = form
  }

  private static func refusal(_ arguments: Arguments, _ name: String) -> ArgumentError {
    var error = arguments.mismatch(name, "a mode")
    error.help = "write it as quoted octal digits ('0644') or symbolically (u=rw,go=r)"
    return error
  }

  private static func read(_ text: String) -> Form? {
    if text == "preserve" { return .preserve }
    let digits = text.hasPrefix("0o") ? String(text.dropFirst(2)) : text
    if digits.allSatisfy({ ("0"..."7").contains($0) }) {
      guard let bits = UInt16(digits, radix: 8), bits <= 0o7777 else { return nil }
      return .absolute(bits)
    }
    var clauses: [Clause] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let clause = clause(part) else { return nil }
      clauses.append(clause)
    }
    return .symbolic(clauses)
  }

  private static func clause(_ text: Substring) -> Clause? {
    let who = text.prefix { "ugoa".contains($0) }
    var rest = text.dropFirst(who.count)
    var operations: [Operation] = []
    while let sign = rest.first {
      guard "+-=".contains(sign) else { return nil }
      rest = rest.dropFirst()
      let permissions = rest.prefix { "rwxXstugo".contains($0) }
      rest = rest.dropFirst(permissions.count)
      operations.append(Operation(sign: sign, permissions: String(permissions)))
    }
    if operations.isEmpty { return nil }
    return Clause(who: who.contains("a") ? "ugo" : String(who), operations: operations)
  }

  /// The bits for a file that has (or by default would get) `current`; nil where it is `preserve`.
  ///
  /// - Parameter isFolder: `X` means `x` for folders, as for files that anybody may execute.
  func bits(over current: UInt16, isFolder: Bool, source: UInt16? = nil) -> UInt16? {
    switch form {
    case .absolute(let bits): return bits
    case .preserve: return source
    case .symbolic(let clauses):
      return clauses.reduce(current) { Self.apply($1, to: $0, isFolder: isFolder) }
    }
  }

  /// `0644`, as plans and results show it.
  static func octal(_ bits: UInt16) -> String {
    let digits = String(bits, radix: 8)
    return String(repeating: "0", count: max(1, 4 - digits.count)) + digits
  }
}

extension FileMode {
  /// What new files get where nothing is said: 0666 and 0777 without the usual umask's bits.
  static let umask: UInt16 = 0o022
  /// What a new file gets.
  static let newFile: UInt16 = 0o666 & ~umask
  /// What a new folder gets.
  static let newFolder: UInt16 = 0o777 & ~umask

  private static func apply(_ clause: Clause, to current: UInt16, isFolder: Bool) -> UInt16 {
    var mode = current
    for operation in clause.operations {
      var granted: UInt16 = 0
      var covered: UInt16 = 0
      for (who, shift) in [("u", 6), ("g", 3), ("o", 0)] as [(Character, UInt16)]
      where clause.who.isEmpty || clause.who.contains(who) {
        covered |= 0o7 << shift
        granted |= bits(operation.permissions, mode, isFolder: isFolder) << shift
        if operation.permissions.contains("s"), who == "u" { granted |= 0o4000 }
        if operation.permissions.contains("s"), who == "g" { granted |= 0o2000 }
      }
      if operation.permissions.contains("t") { granted |= 0o1000 }
      if clause.who.isEmpty { granted &= ~umask }
      switch operation.sign {
      case "+": mode |= granted
      case "-": mode &= ~granted
      default: mode = mode & ~covered | granted
      }
    }
    return mode
  }

  /// The three bits that letters stand for.
  private static func bits(_ letters: String, _ mode: UInt16, isFolder: Bool) -> UInt16 {
    var bits: UInt16 = 0
    for letter in letters {
      switch letter {
      case "r": bits |= 4
      case "w": bits |= 2
      case "x": bits |= 1
      case "X": if isFolder || mode & 0o111 != 0 { bits |= 1 }
      case "u": bits |= mode >> 6 & 7
      case "g": bits |= mode >> 3 & 7
      case "o": bits |= mode & 7
      default: break
      }
    }
    return bits
  }
}
