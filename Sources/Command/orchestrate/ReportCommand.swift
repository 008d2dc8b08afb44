import ArgumentParser
import Diagnostics
import Glibc
import Reports

/// `orchestrate report`: what runs have said.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Work with what runs have reported.",
    subcommands: [Merge.self])

  struct Merge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "merge", abstract: "Join the --json output of a run's parts (--shard).",
      discussion: """
        Prints what failed and one recap; the exit status is the one that a run over all hosts \
        would have had, and 1 where a part has broken off.
        """)

    @Argument(help: "Files with the output of `plan --json` or `apply --json`.")
    var files: [String]

    @Flag(name: .customLong("json"), help: "Print all events as one run's.")
    var isJSON = false

    @Flag(name: .customShort("v"), help: "Show round trips, too.")
    var verbosity: Int

    func run() async throws {
      var runs: [RecordedRun] = []
      var isBroken = false
      for file in files {
        do {
          runs.append(try read(file))
        } catch {
          error.all.forEach(Controller.show)
          isBroken = true
        }
      }
      guard let report = JoinedReport(runs) else {
        if !runs.isEmpty {
          Controller.show(
            Diagnostic(
              .error, "a plan and an apply don't make one run",
              help: "merge the parts of one run alone"))
        }
        throw ExitStatus.failure.exitCode
      }
      let wantsColour = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil
      TextFile.standardOutput(
        isJSON
          ? report.json() : report.text(Style(hasColour: wantsColour), verbosity: verbosity))
      throw (isBroken ? ExitStatus.failure : ExitStatus(report.summary)).exitCode
    }

    private func read(_ path: String) throws(Diagnostics) -> RecordedRun {
      guard let text = TextFile.read(path) else {
        throw Diagnostics(
          Diagnostic(.error, "can't read \(path): \(String(cString: strerror(errno)))"))
      }
      do throws(RecordedRun.Defect) {
        return try RecordedRun(text)
      } catch {
        let place = error.line.map { "\(path):\($0)" } ?? path
        throw Diagnostics(
          Diagnostic(
            .error, "\(place): \(error.message)",
            help: "give the whole output of `plan --json` or `apply --json`"))
      }
    }
  }
}
