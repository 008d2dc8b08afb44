import Foundation
import Hosts
import ModuleKit
import Modules
import OrderedCollections
import TestSupport
import Testing
import Values

/// rpm's own answers about versions.
@Suite struct RPMVersions {
  private static let texts = [
    "1.0", "1.00", "1.0.1", "1.0a", "1.0.a", "1.a", "1~rc1", "1", "1^git", "1^git~2", "1.0^1", "10",
    "9", "2.4.22", "2.4.6", "20", "a", "b", "A", "~", "1..0", "1.0_1", "001", "1.el9",
    "1.el9_2", "1.el10", "150500.1.1", "5.1.8", "ü1", "^",
  ]

  /// As `rpm.vercmp` has it, each text against each.
  @Test func sortAsRPMSortsThem() throws {
    let shell = try #require(LocalShell.all.first)
    let list = Self.texts.map { "'\($0)'" }.joined(separator: ",")
    let lua =
      "t={\(list)} for _,a in ipairs(t) do for _,b in ipairs(t) do print(rpm.vercmp(a,b)..'\\n') end end"
    let output = try shell.run("rpm --eval \(Shell.quote("%{lua:\(lua)}"))")
    let answers = output.text.split(separator: "\n").compactMap { Int($0) }
    try #require(answers.count == Self.texts.count * Self.texts.count, "\(output.errorText)")
    for (index, answer) in answers.enumerated() {
      let left = Self.texts[index / Self.texts.count]
      let right = Self.texts[index % Self.texts.count]
      #expect(RPMVersion.compare(left, right) == answer, "`\(left)` against `\(right)`")
    }
  }

  @Test func haveEpochAndRelease() {
    #expect(RPMVersion("1:2.0").compared(to: RPMVersion("3.0-1")) > 0)
    #expect(RPMVersion("2.0").compared(to: RPMVersion("2.0-7")) == 0)
    #expect(RPMVersion("2.0-10").compared(to: RPMVersion("2.0-9")) > 0)
    #expect(RPMVersion("3:2.0-1.el9").description == "3:2.0-1.el9")
  }
}

/// The real dnf and rpm, on a repository of two packages and a root that are folders of the test's
/// own. dnf changes nothing for anybody but root.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: getuid() == 0)) struct RPMHere {
  private let folder: String
  private let shell: LocalShell

  init() throws {
    shell = try #require(LocalShell.all.first)
    folder = FileManager.default.temporaryDirectory.appending(path: "rpm-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder + "/root", withIntermediateDirectories: true)
    let spec = """
      Name: %{called}
      Version: %{numbered}
      Release: 1
      Summary: A package of a test
      License: MIT
      BuildArch: noarch
      Provides: orchestrate-virtual
      %description
      Nothing.
      %install
      mkdir -p %{buildroot}/usr/share/%{called}
      echo %{numbered} > %{buildroot}/usr/share/%{called}/version
      %files
      /usr/share/%{called}
      """
    try Data(spec.utf8).write(to: URL(filePath: "\(folder)/demo.spec"))
    let configuration = """
      [main]
      gpgcheck=0
      reposdir=\(folder)/none
      [demo]
      name=demo
      baseurl=file://\(folder)/repo
      exclude=orchestrate-other
      """
    try Data(configuration.utf8).write(to: URL(filePath: "\(folder)/dnf.conf"))
    try run(
      """
      cd \(folder)
      for p in orchestrate-demo:1.0 orchestrate-demo:2.0 orchestrate-other:1.0; do
      rpmbuild -bb --quiet --define "_topdir $PWD/build" --define "called ${p%:*}" \\
      --define "numbered ${p#*:}" demo.spec || exit 1
      done
      mv build/RPMS/noarch repo && createrepo_c -q repo
      """)
  }

  private func end() { try? FileManager.default.removeItem(atPath: folder) }

  @discardableResult private func run(_ script: String) throws -> String {
    let output = try shell.run(script)
    try #require(output.status == 0, "\(output.text)\(output.errorText)")
    return output.text
  }

  /// What is installed in the test's root.
  private var installed: [String] {
    get throws {
      try run("rpm --root \(folder)/root -qa --qf '%{NAME}-%{VERSION}\\n' | sort")
        .split(separator: "\n").map(String.init)
    }
  }

  /// Carries a task out, and sees that a second time has nothing to do.
  @discardableResult private func apply(
    _ name: Value, _ more: OrderedDictionary<String, Value> = [:], isSettled: Bool = true
  ) throws -> (changed: Bool, failure: String?, shown: String) {
    let change = try look(name, more)
    let shown = ChangePrinter().print(change)
    if change.isSatisfied { return (false, nil, shown) }
    if let failure = change.failure { return (false, failure, shown) }
    var outputs: [CommandOutput] = []
    for action in change.actions {
      outputs.append(try shell.perform(action))
      if outputs.last?.status != 0 { break }
    }
    let end = change.finish(outputs)
    if let failure = end.failure { return (false, failure, shown) }
    if isSettled {
      let again = try look(name, more)
      #expect(again.isSatisfied, "not idempotent: \(ChangePrinter().print(again))")
    }
    return (end.changed ?? true, nil, shown)
  }

  private func look(_ name: Value, _ more: OrderedDictionary<String, Value>) throws -> Change {
    var arguments: OrderedDictionary<String, Value> = [
      "conf_file": .string("\(folder)/dnf.conf"), "installroot": .string("\(folder)/root"),
      "releasever": "9",
    ]
    if name != .null { arguments["name"] = name }
    arguments.merge(more) { $1 }
    let entry = try #require(ShippedModules.registry["ansible.builtin.dnf"])
    let context = ModuleContext(host: "localhost", isPlan: false, files: MemoryFiles())
    let module = try entry.make(Arguments(arguments, for: entry.documentation, in: context))
    return try shell.look(module.probe)
  }

  @Test func dnfInstallsUpgradesAndRemoves() throws {
    defer { end() }
    #expect(try apply("orchestrate-demo-1.0").changed)
    #expect(try installed == ["orchestrate-demo-1.0"])
    #expect(try !apply("orchestrate-demo").changed)
    #expect(try !apply("orchestrate-virtual").changed)
    #expect(try !apply("/usr/share/orchestrate-demo/version").changed)
    #expect(try !apply("orchestrate-demo < 2.0").changed)
    #expect(try apply("orchestrate-demo", ["state": "latest", "update_cache": true]).changed)
    #expect(try installed == ["orchestrate-demo-2.0"])
    #expect(try !apply("*", ["state": "latest"]).changed)
    #expect(try !apply("orchestrate-demo-1.0").changed, "an older version needs allow_downgrade")
    #expect(try apply("orchestrate-demo-1.0", ["allow_downgrade": true]).changed)
    #expect(try installed == ["orchestrate-demo-1.0"])
    #expect(try apply("*", ["state": "latest"]).shown.contains("installed -> 2.0-1"))
    #expect(try installed == ["orchestrate-demo-2.0"])
    #expect(try apply("orchestrate-d*", ["state": "absent"]).changed)
    #expect(try installed == [])
  }

  @Test func dnfTakesVersionsPatternsAndFiles() throws {
    defer { end() }
    #expect(try apply("orchestrate-demo < 2.0").changed)
    #expect(try installed == ["orchestrate-demo-1.0"])
    #expect(try apply("orchestrate-demo >= 1.5").changed)
    #expect(try installed == ["orchestrate-demo-2.0"])
    #expect(try apply("orchestrate-demo", ["state": "removed"]).changed)
    #expect(try apply("orchestrate-*").changed)
    #expect(try installed == ["orchestrate-demo-2.0"])
    #expect(try apply("orchestrate-demo", ["state": "absent", "autoremove": true]).changed)
    let file = Value.string("\(folder)/repo/orchestrate-demo-1.0-1.noarch.rpm")
    #expect(try apply(file).shown.contains("package orchestrate-demo absent -> 1.0-1"))
    #expect(try installed == ["orchestrate-demo-1.0"])
    #expect(try apply(.string("file://\(folder)/repo/orchestrate-demo-2.0-1.noarch.rpm")).changed)
    #expect(try installed == ["orchestrate-demo-2.0"])
    #expect(try !apply(file).changed, "an older file needs allow_downgrade")
    let missing = try apply("/no/such.rpm")
    #expect(missing.failure == "Could not open: /no/such.rpm: it isn't there, or no package")
  }

  @Test func dnfKeepsToExcludesAndSaysWhatIsMissing() throws {
    defer { end() }
    let excluded = try apply("orchestrate-other")
    #expect(
      excluded.failure
        == "Failed to install some of the specified packages: No package orchestrate-other available."
    )
    #expect(try installed == [])
    #expect(try apply("orchestrate-other", ["disable_excludes": "demo"]).changed)
    #expect(try apply("orchestrate-demo", ["disablerepo": "demo"]).failure != nil)
    #expect(
      try apply("orchestrate-demo", ["disablerepo": "*", "enablerepo": "demo"]).changed)
    #expect(try installed == ["orchestrate-demo-2.0", "orchestrate-other-1.0"])
    let odd = "no-such'`tee${IFS}\(folder)/oops`"
    #expect(try apply(["orchestrate-demo", .string(odd)]).failure?.contains("No package") ?? true)
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/oops"))
    #expect(try !apply(.null, ["update_cache": true], isSettled: false).changed)
  }
}
