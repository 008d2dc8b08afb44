import Hosts
import Modules
import OrderedCollections
import TestSupport
import Testing

/// Units asked about together, by each of this machine's shells; `systemctl` is a function.
@Suite struct UnitQuestionTests {
  /// Knows `a.service`, its alias `b.service`, and `odd.service`, a value of which has empty lines;
  /// and says on standard error what it was asked.
  private static let systemctl = """
    systemctl() {
    echo "asked: $*" >&2; [ "$1" != --no-pager ] || shift; verb=$1; shift 2; first=1
    for u in "$@"; do case $verb:$u in
    show:*) [ "$first" ] || echo; first=
    case $u in a.* | b.*) printf 'Id=a.service\\nNames=a.service b.service\\nActiveState=active\\n' ;;
    odd.*) printf 'Id=odd.service\\nNames=odd.service\\nDescription=x\\n\\n\\nActiveState=failed\\n' ;;
    *) printf 'Id=%s\\nNames=%s\\nLoadState=not-found\\n' "$u" "$u" ;; esac ;;
    is-enabled:a.*) echo enabled ;;
    is-enabled:b.*) echo alias ;;
    is-enabled:odd.*) echo static ;;
    *) return 1 ;;
    esac; done; }

    """

  private func ask(_ units: [String], _ shell: LocalShell) throws -> (UnitAnswers, asked: Int) {
    let queries = units.map { UnitStatus.query($0, scope: .system) }
    let batch = QuestionBatch(queries.map(\.question))
    let output = try shell.run(Self.systemctl + batch.script)
    let answers = try batch.answers(in: output)
    var found: UnitAnswers = []
    for (query, answer) in zip(queries, answers) {
      let status = try query.parse(answer)
      found.append([status.properties["ActiveState"] ?? "none", status.enablement])
    }
    return (found, output.errorText.split(separator: "\n").count { $0.hasPrefix("asked: ") })
  }

  private typealias UnitAnswers = [[String]]

  @Test(arguments: LocalShell.all)
  func areAskedAtOnce(_ shell: LocalShell) throws {
    let (found, asked) = try ask(["a.service", "b.service", "a.service"], shell)
    #expect(found == [["active", "enabled"], ["active", "alias"], ["active", "enabled"]])
    // The one `is-enabled` isn't heard: its standard error is thrown away.
    #expect(asked == 3)
  }

  @Test(arguments: LocalShell.all)
  func areAskedAloneWhereTheAnswerCannotBeTakenApart(_ shell: LocalShell) throws {
    let units = ["a.service", "odd.service", "b.service", "missing.service", "a.service"]
    let (found, asked) = try ask(units, shell)
    #expect(
      found == [
        ["active", "enabled"], ["failed", "static"], ["active", "alias"], ["none", ""],
        ["active", "enabled"],
      ])
    #expect(asked == 5)
  }

  @Test(arguments: LocalShell.all)
  func oneIsAskedAlone(_ shell: LocalShell) throws {
    #expect(try ask(["b.service"], shell).0 == [["active", "alias"]])
  }
}
