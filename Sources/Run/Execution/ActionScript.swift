internal import Cryptography
package import Hosts

/// An action as POSIX sh.
///
/// A file is written beside its place, made private, given its owner and mode, checked, and only
/// then moved: a reader sees the old file or the new one, whole.
package struct ActionScript: Sendable {
  /// Content that has to be uploaded to `stagingPath` before the script runs; nil where the script
  /// brings it along.
  package var upload: FileContent?
  package var stagingPath: String?
  package var command: Command

  /// Up to so many bytes travel inside the script: one round trip instead of two.
  package static let inlineLimit = 128 << 10

  package init(_ action: Action, nonce: String = Hexadecimal.encode(SecureRandom.bytes(6))) {
    switch action.operation {
    case .run(let command): self.init(command: command)
    case .write(let write): self.init(writing: write, nonce: nonce)
    case .remove(let path):
      self.init(command: Command("rm -rf -- \(Shell.quote(path))", isContained: true))
    case .setAttributes(let path, let attributes, let recursive):
      self.init(
        command: Command(
          "set -e\n" + Self.attributes(attributes, of: path, recursive: recursive),
          isContained: true))
    case .makeFolder(let path, let attributes):
      let word = Shell.quote(path)
      // Folders made on the way get the system's defaults, as Ansible leaves them.
      self.init(
        command: Command(
          "set -e\nmkdir -p -- \(word)\n" + Self.attributes(attributes, of: path, recursive: false),
          isContained: true))
    case .makeLink(let path, let target, let isSymbolic):
      let new = Self.sibling(of: path, nonce)
      self.init(
        command: Command(
          """
          set -e
          ln \(isSymbolic ? "-s " : "")-- \(Shell.quote(target)) \(Shell.quote(new))
          mv -fT -- \(Shell.quote(new)) \(Shell.quote(path)) 2>/dev/null || {
          rm -f -- \(Shell.quote(path)); mv -f -- \(Shell.quote(new)) \(Shell.quote(path)); }
          """, isContained: true))
    case .download(let path):
      self.init(command: Command("cat < \(Shell.quote(path))", isContained: true))
    }
  }

  private init(command: Command) { self.command = command }

  private init(writing write: FileWrite, nonce: String) {
    let staging = Self.sibling(of: write.path, nonce)
    let word = Shell.quote(staging)
    let path = Shell.quote(write.path)
    var script = "set -e\ntrap 'rm -f -- \(word.replacing("'", with: "'\\''"))' EXIT\n"
    switch write.content {
    case .bytes(let bytes) where bytes.count <= Self.inlineLimit:
      script += "umask 077\n" + Self.bring(bytes, to: word) + "umask 022\n"
    case .bytes, .controllerFile:
      upload = write.content
      stagingPath = staging
    }
    // What isn't given stays as it was; a new file gets what the umask leaves of 0666.
    script += """
      if [ -e \(path) ]; then
      chown -- "$(stat -L -c %u:%g -- \(path))" \(word) 2>/dev/null || true
      chmod -- "$(stat -L -c %a -- \(path))" \(word)
      else chmod 0644 \(word); fi

      """
    script += Self.attributes(write.attributes, of: staging, recursive: false)
    if let validate = write.validate {
      let check = validate.replacing("%s", with: word)
      script += """
        v_o=$( ( \(check) ) 2>&1 ) || { v_s=$?; printf 'failed to validate: %s\\n' "$v_o" >&2; exit "$v_s"; }

        """
    }
    if write.keepsBackup {
      script += """
        if [ -e \(path) ]; then b=\(path).$$.$(date +%Y-%m-%d@%H:%M:%S~); cp -p -- \(path) "$b"; printf 'backup_file=%s\\n' "$b"; fi

        """
    }
    script += "mv -f -- \(word) \(path)\n"
    command = Command(script, isContained: true)
  }

  /// A hidden neighbour of a path, in the same folder so that a rename is atomic.
  private static func sibling(of path: String, _ nonce: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return ".orchestrate-\(nonce)" }
    return path[...slash] + ".orchestrate-\(nonce)"
  }

  /// Text travels quoted; what no shell word can hold, as base 64.
  private static func bring(_ bytes: [UInt8], to word: String) -> String {
    if !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) {
      return "printf %s \(Shell.quote(text)) > \(word)\n"
    }
    return "printf %s \(Shell.quote(Base64.encode(bytes))) | base64 -d > \(word)\n"
  }

  private static func attributes(
    _ attributes: FileAttributes, of path: String, recursive: Bool
  ) -> String {
    let word = Shell.quote(path)
    let flag = recursive ? "-R " : ""
    var lines = ""
    switch (attributes.owner, attributes.group) {
    case (let owner?, let group?):
      lines += "chown \(flag)-- \(Shell.quote("\(owner):\(group)")) \(word)\n"
    case (let owner?, nil): lines += "chown \(flag)-- \(Shell.quote(owner)) \(word)\n"
    case (nil, let group?): lines += "chgrp \(flag)-- \(Shell.quote(group)) \(word)\n"
    case (nil, nil): break
    }
    // After chown, which takes set-user-ID bits away.
    if let mode = attributes.mode {
      let octal = String(mode, radix: 8)
      let padded = String(repeating: "0", count: max(0, 4 - octal.count)) + octal
      lines += "chmod \(flag)-- \(padded) \(word)\n"
    }
    return lines
  }
}
