package import Hosts

/// How old the lists of available packages are.
package struct PackageLists: Hashable, Sendable {
  /// When they were last brought, in seconds since 1970; 0 where never.
  package var updated: Int
  /// The host's clock, in seconds since 1970.
  package var now: Int

  /// Reads apt's stamp, and the folder's time where there is no stamp; a folder without lists, as a
  /// fresh image has it, was never brought, however young it is.
  package static let query = Query<PackageLists>(
    """
    s=/var/lib/apt/periodic/update-success-stamp; [ -e $s ] || s=/var/lib/apt/lists
    set -- /var/lib/apt/lists/*Release; [ -e "$1" ] || s=/nonexistent
    stat -c %Y $s 2>/dev/null || echo 0; date +%s
    """, about: [.packageSources]
  ) { (output) throws(HostError) in
    let numbers = output.text.split(separator: "\n").compactMap { Int($0) }
    return PackageLists(updated: numbers.first ?? 0, now: numbers.count > 1 ? numbers[1] : 0)
  }

  /// Whether they are no older than `seconds`.
  package func areValid(for seconds: Int) -> Bool { seconds > 0 && updated + seconds >= now }
}
