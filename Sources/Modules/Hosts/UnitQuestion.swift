/// A question about one unit of the system's systemd, in a form that can be asked for many at once.
package struct UnitQuestion: Hashable, Sendable {
  /// With its suffix.
  package var unit: String

  package init(unit: String) { self.unit = unit }

  /// Says what `systemctl show` says, an empty line, and what `systemctl is-enabled` says. A call of
  /// the function in `shellFunctions`.
  package var script: String { "unit \(Shell.quote(unit))" }

  /// `unit NAME INDEX` takes the part of `unit_show` that has this index, where it is the unit's own
  /// by its names, and the word of `unit_states`; else it asks for the unit alone.
  package static let shellFunctions = #"""
    unit() {
    command -v systemctl >/dev/null || { echo 'there is no systemctl' >&2; return 1; }
    u=$unit_show; n=$2
    while [ "$n" -gt 0 ]; do u=${u#*"

    "}; n=$((n - 1)); done; u=${u%%"

    "*}; n=${u#*"
    Names="}
    case " ${n%%"
    "*} " in *" $1 "*) printf '%s\n' "$u" ;; *) systemctl --no-pager show -- "$1" || return 1 ;; esac
    u=$1; n=$2; echo; set -- $unit_states
    if [ $# = "$unit_count" ]; then shift "$n"; echo "$1"
    else systemctl is-enabled -- "$u" 2>/dev/null; fi; return 0; }

    """#

  /// Asks systemd once about all these units. A value may have an empty line, and nothing is said of
  /// the enablement of a unit that isn't there; so the parts and the words count only where there
  /// are as many as units.
  package static func shellPreparation(_ units: [UnitQuestion]) -> String {
    guard units.count > 1 else { return "unit_show=; unit_states=; unit_count=x\n" }
    let words = Shell.words(units.map(\.unit))
    return """
      unit_count=\(units.count); unit_show=$(systemctl --no-pager show -- \(words) 2>/dev/null)
      u=$unit_show; n=1; while :; do case $u in *"

      "*) u=${u#*"

      "}; n=$((n + 1)) ;; *) break ;; esac; done
      [ "$n" = "$unit_count" ] || unit_show=
      unit_states=$(systemctl is-enabled -- \(words) 2>/dev/null)

      """
  }
}
