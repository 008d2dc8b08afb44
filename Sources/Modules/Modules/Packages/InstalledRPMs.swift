package import Hosts

/// What rpm knows about some packages of a host.
package struct InstalledRPMs: Hashable, Sendable {
  package var packages: [RPMPackage] = []
  /// By a task's word: the installed packages that provide it, where none has it for a name.
  package var providers: [String: [RPMPackage]] = [:]
  /// By path or URL: the package that the file holds.
  package var files: [String: RPMPackage] = [:]

  /// What is installed of what `request` asks for.
  package subscript(request: RPMRequest) -> [RPMPackage] {
    let named = packages.filter { request.accepts($0) }
    return named.isEmpty ? providers[request.word] ?? [] : named
  }

  /// The newest installed package of that name.
  package func newest(_ name: String) -> RPMPackage? {
    packages.filter { $0.name == name }.newest
  }

  private static let format =
    "%{NAME}\\t%|EPOCH?{%{EPOCH}}:{0}|\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\n"

  /// Asks rpm, in the root `root`; patterns bring all that is installed.
  package static func query(_ requests: [RPMRequest], root: String?) -> Query<InstalledRPMs> {
    let rpm = root.map { "rpm \(Shell.words(["--root", $0]))" } ?? "rpm"
    let named = requests.filter { !$0.isFile && !$0.isPattern }
    var script = """
      command -v rpm >/dev/null || { echo 'there is no rpm' >&2; exit 1; }
      export LC_ALL=C; f='\(format)'; n='
      '

      """
    if requests.contains(where: \.isPattern) { script += "\(rpm) -qa --qf \"$f\"\n" }
    if !named.isEmpty {
      let words = Shell.words(Self.unique(named.flatMap { [$0.word] + $0.possibleNames }))
      script += """
        o=$(\(rpm) -q --qf "$f" -- \(words) 2>/dev/null); printf '%s\\n' "$o"
        for p in \(Shell.words(named.map(\.word))); do
        case $n$o$n in *"${n}package $p is not installed$n"*)
        r=$(\(rpm) -q --whatprovides --qf "$f" -- "$p" 2>/dev/null) \\
        && printf 'provides\\t%s\\n%s\\n' "$p" "$r";;
        esac; done

        """
    }
    for request in requests where request.isFile {
      let word = Shell.quote(request.word)
      script += """
        if r=$(rpm -qp --nosignature --nodigest --qf "$f" \(word) 2>/dev/null); then
        printf 'file\\t%s\\n%s\\ninstalled\\t\\n' \(word) "$r"
        \(rpm) -q --qf "$f" -- "${r%%\t*}" 2>/dev/null
        fi

        """
    }
    return Query(script + "exit 0", about: requests.map(\.subject)) {
      (output) throws(HostError) in
      if output.status != 0 {
        throw HostError(
          .probeFailed, "can't ask for packages: \(output.complaint)",
          help: "this module serves RHEL 8 or newer and its kin", output: output)
      }
      return InstalledRPMs(rpm: output.text)
    }
  }

  private static func unique(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }

  /// Reads packages, a line each, under headings `provides\tWORD`, `file\tPATH` and `installed\t`.
  package init(rpm text: String) {
    var heading: [String] = []
    for line in text.split(separator: "\n") {
      if let package = RPMPackage(line) {
        switch heading.first {
        case "provides": providers[heading[1], default: []].append(package)
        case "file": files[heading[1]] = package
        default: packages.append(package)
        }
      } else {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        if fields.count == 2 { heading = fields.map(String.init) }
      }
    }
  }
}

extension RPMRequest {
  /// What a question about it is about.
  package var subject: Subject { isFile ? .path(word) : .package(word) }
}

/// What the repositories have of some packages: the newest of each.
package struct RPMCandidates: Hashable, Sendable {
  package var packages: [RPMPackage]

  /// The newest that `request` asks for, of the name that it is known by where that is given.
  package func newest(_ request: RPMRequest, named name: String? = nil) -> RPMPackage? {
    packages.filter { package in
      name.map { $0 == package.name } ?? request.accepts(package)
    }.newest
  }

  /// Asks `dnf repoquery`; `mode` is `--upgrades` or `--unneeded` where it isn't about what is
  /// available. The answer may cost dnf the fetching of a repository's lists, as any query of its.
  package static func query(
    _ words: [String], mode: String?, refreshes: Bool, by options: DnfOptions
  ) -> Query<RPMCandidates> {
    var line = ["repoquery"]
    if let mode { line.append(mode) } else { line.append("--latest-limit=1") }
    if refreshes { line.append("--refresh") }
    line += ["--qf", "%{name}\\t%{epoch}\\t%{version}\\t%{release}\\t%{arch}\\n"]
    let script = options.command(line, words, isQuiet: true)
    let subjects: [Subject] = words.isEmpty ? [.package("*")] : words.map { .package($0) }
    return Query(script, about: subjects + [.packageSources]) { (output) throws(HostError) in
      if output.status != 0 {
        throw HostError(
          .probeFailed, "dnf can't say what its repositories have: \(output.complaint)",
          output: output)
      }
      return RPMCandidates(
        packages: output.text.split(separator: "\n").compactMap { RPMPackage($0) })
    }
  }
}
