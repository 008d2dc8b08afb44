/// A question about one unit of the system's systemd, in a form that can be asked for many at once.
package struct UnitQuestion: Hashable, Sendable {
  /// With its suffix.
  package var unit: String

  package init(unit: String) { self.unit = unit }

  /// Says what `systemctl show` says, an empty line, and what `systemctl is-enabled` says. A call of
  /// the function in `shellFunctions`.
  package var script: String { "unit \(Shell.quote(unit))" }

  /// `unit NAME INDEX` asks for the unit's properties, and takes the word of `unit_states` that has
  /// this index. (All units' properties at once would be too long for what shells take time for.)
  package static let shellFunctions = #"""
    unit() {
    command -v systemctl >/dev/null || { echo 'there is no systemctl' >&2; return 1; }
    systemctl --no-pager show -- "$1" || return 1
    echo; u=$1; n=$2; set -- $unit_states
    if [ $# = "$unit_count" ]; then shift "$n"; echo "$1"
    else systemctl is-enabled -- "$u" 2>/dev/null; fi; return 0; }

    """#

  /// Asks systemd once whether these units are enabled. It says nothing of a unit that isn't there, so
  /// the words count only where there are as many as units.
  package static func shellPreparation(_ units: [UnitQuestion]) -> String {
    guard units.count > 1 else { return "unit_states=; unit_count=x\n" }
    let words = Shell.words(units.map(\.unit))
    return """
      unit_count=\(units.count); unit_states=$(systemctl is-enabled -- \(words) 2>/dev/null)

      """
  }
}
