package import Hosts

/// What dpkg knows about some packages of a host.
package struct InstalledPackages: Hashable, Sendable {
  /// One line of dpkg's.
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var architecture: String
    package var version: String
    /// Unpacked and configured.
    package var isInstalled: Bool
    /// Removed, but its configuration is still there.
    package var hasConfiguration: Bool
    /// Kept at its version.
    package var isHeld: Bool
  }

  package var entries: [Entry]
  /// Packages that aren't there by name, but that an installed one provides.
  package var provided: Set<String>

  /// The entry of a package by its name, with or without architecture.
  package subscript(request: PackageRequest) -> Entry? {
    let parts = request.name.split(separator: ":")
    let found = entries.filter { entry in
      entry.name == parts[0] && (parts.count == 1 || entry.architecture == parts[1])
    }
    return found.first { $0.isInstalled } ?? found.first
  }

  /// The installed package of that name, or one that provides it.
  package func isInstalled(_ request: PackageRequest) -> Bool {
    self[request]?.isInstalled ?? false
      || request.version == nil && provided.contains(request.bareName)
  }

  /// Asks dpkg about `names`, and about who provides those that aren't there.
  package static func query(_ names: [String]) -> Query<InstalledPackages> {
    let words = Shell.words(names.map { String($0) })
    let script = """
      command -v dpkg-query >/dev/null || { echo 'there is no dpkg-query' >&2; exit 1; }
      f='${Package}\\t${Architecture}\\t${db:Status-Abbrev}\\t${Version}\\n'
      o=$(dpkg-query -W -f "$f" -- \(words) 2>/dev/null); printf '%s\\n' "$o"
      set -f; IFS='
      '; i=' '
      for l in $o; do case ${l#*\t*\t} in ?i*) i="$i${l%%\t*} ";; esac; done
      set +f; unset IFS
      for p in \(words); do
      case $i in *" ${p%%:*} "*) continue;; esac
      dpkg-query -W -f '${db:Status-Abbrev} ${Provides}\\n' | grep '^[ihr]i' | tr ',' '\\n' \\
      | sed -e 's/^.i. *//' -e 's/^ *//' -e 's/ .*//' | grep -qxF -- "${p%%:*}" \\
      && printf '%s\\t\\tprovided\\t\\n' "${p%%:*}"
      done; exit 0
      """
    return Query(script, about: names.map { .package($0) }) { (output) throws(HostError) in
      if output.status != 0 {
        throw HostError(
          .probeFailed, "can't ask for packages: \(output.complaint)",
          help: "this module serves Debian and its kin", output: output)
      }
      return InstalledPackages(dpkg: output.text)
    }
  }

  /// Reads lines `NAME\tARCHITECTURE\tSTATUS\tVERSION`.
  package init(dpkg text: String) {
    entries = []
    provided = []
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= 4 else { continue }
      if fields[2] == "provided" {
        provided.insert(fields[0])
        continue
      }
      let status = Array(fields[2])
      guard status.count >= 2 else { continue }
      entries.append(
        Entry(
          name: fields[0], architecture: fields[1], version: fields[3],
          isInstalled: "iWt".contains(status[1]), hasConfiguration: status[1] == "c",
          isHeld: status[0] == "h"))
    }
  }
}
