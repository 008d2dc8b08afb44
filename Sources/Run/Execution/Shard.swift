package import Diagnostics

/// A part of the inventory's hosts, `3/8`: so that several controllers share one run.
///
/// The hosts are dealt out in the inventory's order, the first to the first part. So equal inventories
/// give equal parts everywhere, every host is in one part, and groups are spread over all of them.
package struct Shard: Hashable, Sendable {
  /// From 1 to `count`.
  package let number: Int
  package let count: Int

  /// Reads `NUMBER/COUNT`.
  package init(_ text: String) throws(Diagnostics) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], count > 0,
      (1...count).contains(number)
    else {
      throw Diagnostics(
        Diagnostic(
          .error, "--shard takes a part and how many there are, not `\(text)`",
          help: "for the third of eight: --shard 3/8"))
    }
    self.number = number
    self.count = count
  }

  /// Whether the part has the host that stands at this place, from 0, in the inventory.
  package func has(_ index: Int) -> Bool { index % count == number - 1 }
}
