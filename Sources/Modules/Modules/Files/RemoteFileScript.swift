internal import Hosts

/// Shell that makes a whole file on the host and puts it in its place in one step.
struct RemoteFileScript {
  var path: String
  var attributes = FileAttributes()
  var keepsBackup = false
  var validate: String?

  /// - Parameter fill: Shell that fills the file `$new`; where it fails, nothing is replaced.
  func replace(by fill: String) -> String {
    let word = Shell.quote(path)
    let mode = attributes.mode.map { String($0, radix: 8) }
    var lines = [
      "umask 077",
      "path=\(word)",
      "new=$(mktemp -- \(Shell.quote(RemotePath.parent(path) + "/.new.XXXXXX"))) || exit 1",
      "trap 'rm -f -- \"$new\"' EXIT",
      "{ \(fill); } || exit 1",
      "if [ -e \"$path\" ]; then",
      "chmod \(mode ?? "\"$(stat -L -c %a -- \"$path\")\"") \"$new\" || exit 1",
      "chown \"$(stat -L -c %u:%g -- \"$path\")\" \"$new\" 2>/dev/null",
      "else chmod \(mode ?? String(FileMode.newFile, radix: 8)) \"$new\" || exit 1; fi",
    ]
    if let owner = attributes.owner {
      lines.append("chown -- \(Shell.quote(owner)) \"$new\" || exit 1")
    }
    if let group = attributes.group {
      lines.append("chgrp -- \(Shell.quote(group)) \"$new\" || exit 1")
    }
    // chown clears the set-id bits.
    if let mode { lines.append("chmod \(mode) \"$new\" || exit 1") }
    if let validate {
      lines.append("{ \(validate.replacing("%s", with: "\"$new\"")); } >&2 || exit 1")
    }
    if keepsBackup {
      lines.append(
        "if [ -e \"$path\" ]; then backup=\"$path.$$.$(date +%Y-%m-%d@%H:%M:%S)~\"; "
          + "cp -p -- \"$path\" \"$backup\" || exit 1; echo \"backup_file=$backup\"; fi")
    }
    lines.append("mv -f -- \"$new\" \"$path\"")
    return lines.joined(separator: "\n")
  }
}
