internal import OrderedCollections
internal import Values

/// All that `stat` tells about a file, by the names that Ansible's `stat` and `find` have.
struct DetailedStatus: Hashable, Sendable {
  var path: String
  /// stat's word for it: `regular file`, `directory`, …
  var kind: String
  var mode: UInt16
  var userID: Int
  var user: String
  var groupID: Int
  var group: String
  var size: Int
  var inode: Int
  var device: Int
  var links: Int
  var blocks: Int
  var blockSize: Int
  /// Of a device file, else 0.
  var deviceType: Int
  /// Seconds since 1970, with their fraction: read, written, changed.
  var accessed: Double
  var modified: Double
  var changed: Double

  /// What GNU's and busybox's `stat -c` are asked for, the name last, since it may hold tabs.
  static let format =
    "%F %a %u %U %g %G %s %i %d %h %b %o %t %T %X %x %Y %y %Z %z %n"
    .replacing(" ", with: "\t")

  init?(line: some StringProtocol) {
    let fields = String(line).split(
      separator: "\t", maxSplits: 20, omittingEmptySubsequences: false
    )
    .map(String.init)
    guard fields.count == 21, let mode = UInt16(fields[1], radix: 8) else { return nil }
    kind = fields[0]
    self.mode = mode
    let numbers = fields.map { Int($0) ?? 0 }
    (userID, user, groupID, group) = (numbers[2], fields[3], numbers[4], fields[5])
    (size, inode, device, links) = (numbers[6], numbers[7], numbers[8], numbers[9])
    (blocks, blockSize) = (numbers[10], numbers[11])
    deviceType = (Int(fields[12], radix: 16) ?? 0) << 8 | (Int(fields[13], radix: 16) ?? 0)
    accessed = Self.time(fields[14], fields[15])
    modified = Self.time(fields[16], fields[17])
    changed = Self.time(fields[18], fields[19])
    path = fields[20]
  }

  /// `1700000000` and `2023-11-14 22:13:20.123456789 +0000` as one number.
  private static func time(_ seconds: String, _ text: String) -> Double {
    let fraction = text.split(separator: " ").dropFirst().first?.split(separator: ".").last ?? ""
    return Double("\(seconds).\(fraction.allSatisfy(\.isNumber) ? fraction : "0")")
      ?? Double(seconds) ?? 0
  }

  /// `0644` and `4755`: four digits, where other modules' results have a zero more.
  private var shownMode: String {
    let octal = FileMode.octal(mode)
    return octal.count > 4 ? String(octal.dropFirst()) : octal
  }

  var isFile: Bool { kind.hasPrefix("regular") }
  var isFolder: Bool { kind == "directory" }
  var isLink: Bool { kind == "symbolic link" }

  /// The keys that `find` registers for each file, and `stat` for its one.
  var values: OrderedDictionary<String, Value> {
    var values: OrderedDictionary<String, Value> = [
      "path": .string(path), "mode": .string(shownMode), "isdir": .bool(isFolder),
      "ischr": .bool(kind == "character special file"),
      "isblk": .bool(kind == "block special file"), "isreg": .bool(isFile),
      "isfifo": .bool(kind == "fifo"), "islnk": .bool(isLink), "issock": .bool(kind == "socket"),
      "uid": .int(userID), "gid": .int(groupID), "size": .int(size), "inode": .int(inode),
      "dev": .int(device), "nlink": .int(links), "atime": .float(accessed),
      "mtime": .float(modified), "ctime": .float(changed),
    ]
    let bits: [(String, UInt16)] = [
      ("wusr", 0o200), ("rusr", 0o400), ("xusr", 0o100), ("wgrp", 0o020), ("rgrp", 0o040),
      ("xgrp", 0o010), ("woth", 0o002), ("roth", 0o004), ("xoth", 0o001), ("isuid", 0o4000),
      ("isgid", 0o2000),
    ]
    for (name, bit) in bits { values[name] = .bool(mode & bit != 0) }
    // Ids without a name.
    if user != "UNKNOWN" { values["pw_name"] = .string(user) }
    if group != "UNKNOWN" { values["gr_name"] = .string(group) }
    return values
  }
}

/// The digests that hosts can make without further programs.
enum DigestProgram {
  /// The names that arguments take.
  static let names = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]

  /// Shell that prints the digest of the file that `word` expands to.
  static func command(_ name: String, _ word: String) -> String {
    "\(name)sum < \(word) | cut -d ' ' -f 1"
  }
}
