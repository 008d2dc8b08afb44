/// Commands that went on when their connection was lost.
///
/// The next shell waits for their end, so that what it's asked about is settled: a package manager
/// that still works would hold its lock, and a file not be there yet.
struct Orphans {
  /// The shells themselves, each the leader of its group; idle, they don't count.
  private var shells: [Int32] = []

  /// How long they're waited for, in tenths of a second.
  private static let limit = 600

  /// Adds the shells of a lost connection.
  mutating func add(_ groups: [Int32]) { shells += groups }

  /// A script that waits: for what belongs to one of the groups and is none of the shells.
  var wait: String {
    let list = shells.map(String.init).joined(separator: "|")
    guard !list.isEmpty else { return ":" }
    return """
      o_i=0; while [ "$o_i" -lt \(Self.limit) ]; do o_n=; for o_p in /proc/[0-9]*; do
      { read -r o_s <"$o_p/stat"; } 2>/dev/null || continue
      case ${o_p#/proc/} in \(list)) continue;; esac
      o_s=${o_s##*) }; case $o_s in Z*) continue;; esac
      o_s=${o_s#* }; o_s=${o_s#* }; case ${o_s%% *} in \(list)) o_n=1; break;; esac; done
      [ -n "$o_n" ] || break; o_i=$((o_i+1)); sleep 0.1 2>/dev/null || sleep 1; done
      """
  }
}
