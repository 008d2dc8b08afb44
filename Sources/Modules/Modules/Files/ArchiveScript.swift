internal import Hosts
internal import ModuleKit

/// Shell that compares an archive `$a` with a folder, and unpacks it.
struct ArchiveScript: Hashable, Sendable {
  private let isZip: Bool
  /// Set where tar can't tell by itself: `zstd -dc`.
  private let decompressor: String?
  private let exclude: [String]
  private let include: [String]
  private let options: [String]
  private let keepsNewer: Bool
  private let attributes: AttributeDemand
  let listsFiles: Bool

  init(_ arguments: Arguments, _ attributes: AttributeDemand) throws(ArgumentError) {
    let name = (try arguments.requiredString("src")).lowercased()
    isZip = [".zip", ".jar", ".war", ".whl"].contains { name.hasSuffix($0) }
    decompressor = name.hasSuffix(".zst") || name.hasSuffix(".tzst") ? "zstd -dc" : nil
    exclude = try arguments.strings("exclude") ?? []
    include = try arguments.strings("include") ?? []
    options = try arguments.strings("extra_opts") ?? []
    keepsNewer = try arguments.boolean("keep_newer") ?? false
    listsFiles = try arguments.boolean("list_files") ?? false
    self.attributes = attributes
    if !exclude.isEmpty, !include.isEmpty {
      throw ArgumentError(
        argument: "exclude", "parameters are mutually exclusive: include|exclude")
    }
    if attributes.mode?.form == .preserve {
      throw ArgumentError(argument: "mode", "an archive's modes are kept where no mode is given")
    }
  }

  /// Says `same` where the folder holds all that the archive does.
  func compare(with dest: String) -> String {
    isZip ? compareZip(dest) : compareTar(dest)
  }

  private func compareTar(_ dest: String) -> String {
    // What the task sets itself may differ from the archive.
    var ignored = ["Not linked to"]
    if attributes.owner != nil { ignored.append("Uid differs") }
    if attributes.group != nil { ignored.append("Gid differs") }
    if attributes.mode != nil { ignored.append("Mode differs") }
    let pattern = ignored.map { ": \($0)" }.joined(separator: "|")
    return """
      if tar --version 2>/dev/null | grep -q GNU; then
      d=$(\(tar("--diff", dest)) 2>&1); s=$?
      d=$(printf '%s\\n' "$d" | grep -vE \(Shell.quote(pattern)))
      if [ $s -le 1 ] && [ -z "$d" ]; then echo same; fi; fi
      """
  }

  private func compareZip(_ dest: String) -> String {
    """
    if unzip -Z1 "$a"\(zipSelection) >/dev/null 2>&1; then
    unzip -Z1 "$a"\(zipSelection) | while IFS= read -r f; do t=\(Shell.quote(dest))/$f
    case $f in */) [ -d "$t" ] || echo differs;;
    *) unzip -p "$a" "$f" 2>/dev/null | cmp -s - "$t" || echo differs;; esac
    done | grep -q differs || echo same; fi
    """
  }

  /// Unpacks unless all is there, which it says by `same`; names follow `f ` where they are wanted.
  func unpack(to dest: String) -> String {
    var lines = ["cd / && same=$(\(compare(with: dest))\n)"]
    let command =
      isZip
      ? "unzip -qq \(keepsNewer ? "-u " : "")-o \(Shell.words(options)) \"$a\"\(zipSelection)"
        + " -d \(Shell.quote(dest)) >&2"
      : tar("-x", dest) + " >&2"
    lines.append("if [ \"$same\" = same ]; then echo same; else \(command) || exit 1; fi")
    let names = isZip ? "unzip -Z1 \"$a\"\(zipSelection)" : tar("-t", dest)
    if let command = attributeCommand {
      lines.append(
        "( cd -- \(Shell.quote(dest)) && \(names) | while IFS= read -r f; do "
          + "\(command) || exit 1; done ) || exit 1"
      )
    }
    if listsFiles { lines.append("\(names) | sed 's/^/f /'") }
    return lines.joined(separator: "\n")
  }

  private func tar(_ operation: String, _ dest: String) -> String {
    var words = ["tar", operation]
    if operation != "-t" { words += ["-C", dest] }
    if operation == "-x", keepsNewer { words.append("--keep-newer-files") }
    if operation == "-x", attributes.owner != nil || attributes.group != nil {
      words.append("--no-same-owner")
    }
    words += exclude.map { "--exclude=\($0)" }
    if operation != "-t" { words += options }
    let selection = include.isEmpty ? "" : " " + Shell.words(include)
    if let decompressor {
      return "\(decompressor) \"$a\" | \(Shell.words(words)) -f -\(selection)"
    }
    return "\(Shell.words(words)) -f \"$a\"\(selection)"
  }

  private var zipSelection: String {
    var selection = ""
    if !include.isEmpty { selection += " " + Shell.words(include) }
    if !exclude.isEmpty { selection += " -x " + Shell.words(exclude) }
    return selection
  }

  private var attributeCommand: String? {
    var commands: [String] = []
    if let owner = attributes.owner { commands.append("chown -h -- \(Shell.quote(owner)) \"$f\"") }
    if let group = attributes.group { commands.append("chgrp -h -- \(Shell.quote(group)) \"$f\"") }
    switch attributes.mode?.form {
    case .absolute(let bits)?:
      commands.append("{ [ -L \"$f\" ] || chmod \(String(bits, radix: 8)) \"$f\"; }")
    case .symbolic?:
      let folder = attributes.mode?.bits(over: FileMode.newFolder, isFolder: true) ?? 0
      let file = attributes.mode?.bits(over: FileMode.newFile, isFolder: false) ?? 0
      commands.append(
        "if [ -d \"$f\" ]; then chmod \(String(folder, radix: 8)) \"$f\"; "
          + "elif [ ! -L \"$f\" ]; then chmod \(String(file, radix: 8)) \"$f\"; fi")
    case .preserve?, nil: break
    }
    return commands.isEmpty ? nil : commands.joined(separator: " && ")
  }
}
