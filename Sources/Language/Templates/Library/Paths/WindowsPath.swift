/// A path of Windows, taken apart as Python's `ntpath` does.
struct WindowsPath {
  /// `C:`, the server and share of a network path, or nothing.
  let drive: String
  /// All behind the drive.
  let rest: String

  init(_ path: String) {
    let units = Array(path)
    let end = Self.driveEnd(units)
    drive = String(units[..<end])
    rest = String(units[end...])
  }

  private static func isSeparator(_ character: Character) -> Bool {
    character == "\\" || character == "/"
  }

  private static func driveEnd(_ path: [Character]) -> Int {
    if path.count > 1, path[1] == ":" { return 2 }
    guard path.count > 1, isSeparator(path[0]), isSeparator(path[1]) else { return 0 }
    // The long form with `?\\UNC\\` in front says the same.
    let isLong = String(path.prefix(8)).uppercased().replacing("/", with: "\\") == "\\\\?\\UNC\\"
    let start = isLong ? 8 : 2
    guard let server = path[start...].firstIndex(where: isSeparator) else { return path.count }
    return path[(server + 1)...].firstIndex(where: isSeparator) ?? path.count
  }

  private var nameStart: String.Index {
    rest.lastIndex(where: Self.isSeparator).map { rest.index(after: $0) } ?? rest.startIndex
  }

  /// The last part of the path.
  var base: String { String(rest[nameStart...]) }

  /// All before the last part, without separators at its end unless they are all of it.
  var folder: String {
    var head = rest[..<nameStart]
    while let last = head.last, Self.isSeparator(last) { head.removeLast() }
    return drive + (head.isEmpty ? rest[..<nameStart] : head)
  }
}
