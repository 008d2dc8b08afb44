package import Hosts

/// An action as shell, for tests that act on folders of this machine.
///
/// The program has its own; this one is small, so that what modules say is tested by itself.
package struct ShellAction: Sendable {
  package let action: Action

  package init(_ action: Action) { self.action = action }

  /// The script, and what it reads from standard input.
  package var script: (text: String, input: [UInt8]) {
    switch action.operation {
    case .run(let command): return (command.script, command.standardInput ?? [])
    case .write(let write): return self.write(write)
    case .remove(let path): return ("rm -rf -- \(Shell.quote(path))", [])
    case .setAttributes(let path, let attributes, let isRecursive):
      return (set(attributes, "\(isRecursive ? "-R " : "")-- \(Shell.quote(path))"), [])
    case .makeFolder(let path, let attributes):
      var script = "umask 022\n"
      var parts = path.split(separator: "/")[...]
      var folders: [String] = []
      while !parts.isEmpty {
        folders.insert("/" + parts.joined(separator: "/"), at: 0)
        parts = parts.dropLast()
      }
      for folder in folders {
        let word = Shell.quote(folder)
        script +=
          "[ -d \(word) ] || { mkdir \(word) && \(set(attributes, "-- \(word)")); } || exit 1\n"
      }
      return (script, [])
    case .makeLink(let path, let target, let isSymbolic):
      return ("ln -f\(isSymbolic ? "sn" : "") -- \(Shell.words([target, path]))", [])
    case .download(let path): return ("cat < \(Shell.quote(path))", [])
    }
  }

  private func set(_ attributes: FileAttributes, _ words: String) -> String {
    var commands = [":"]
    if let owner = attributes.owner { commands.append("chown \(Shell.quote(owner)) \(words)") }
    if let group = attributes.group { commands.append("chgrp \(Shell.quote(group)) \(words)") }
    if let mode = attributes.mode { commands.append("chmod \(String(mode, radix: 8)) \(words)") }
    return commands.joined(separator: " && ")
  }

  private func write(_ write: FileWrite) -> (text: String, input: [UInt8]) {
    let path = Shell.quote(write.path)
    var lines = [
      "umask 022", "path=\(path)", "new=\"$path.new\"", "cat > \"$new\" || exit 1",
      "if [ -f \"$path\" ] && [ ! -L \"$path\" ]; then "
        + "chmod \"$(stat -c %a -- \"$path\")\" \"$new\"; fi",
      set(write.attributes, "-- \"$new\"") + " || exit 1",
    ]
    if let validate = write.validate {
      lines.append(
        "\(validate.replacing("%s", with: "\"$new\"")) >/dev/null || { rm \"$new\"; exit 1; }")
    }
    if write.keepsBackup {
      lines.append("cp -p -- \"$path\" \"$path.1.2026-01-01@00:00:00~\" || exit 1")
    }
    lines.append("mv -f -- \"$new\" \"$path\"")
    guard case .bytes(let bytes) = write.content else { return ("exit 9", []) }
    return (lines.joined(separator: "\n"), bytes)
  }
}
