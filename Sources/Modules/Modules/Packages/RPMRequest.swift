internal import ModuleKit

/// A package as a task names it for dnf: `haproxy`, `kubelet-1.30.2`, `httpd >= 2.4`,
/// `/usr/bin/curl`, `python3-*`, or where an .rpm file lies.
package struct RPMRequest: Hashable, Sendable {
  package enum Form: Hashable, Sendable {
    /// A name, with version, release and architecture or without.
    case label
    /// A name whose version is compared: `httpd >= 2.4`.
    case relation(name: String, operator: String, version: RPMVersion)
    /// A pattern of labels.
    case pattern(GlobPattern)
    /// An absolute path that some package has.
    case path
    /// A package file on the host, or a URL of one.
    case file
  }

  /// As dnf takes it: one word of a command line.
  package var word: String
  package var form: Form

  private static let operators: Set<String> = ["=", "<", ">", "<=", ">="]

  /// Reads `text`; nil where it is no package that can be asked for.
  package init?(_ text: String) {
    word = text.trimmed
    let parts = word.split(separator: " ").map(String.init)
    if parts.isEmpty || word.hasPrefix("-") || word.hasPrefix("@") { return nil }
    if parts.count == 3, Self.operators.contains(parts[1]) {
      word = parts.joined(separator: " ")
      form = .relation(name: parts[0], operator: parts[1], version: RPMVersion(parts[2]))
      return
    }
    guard parts.count == 1, !word.contains(where: { "<>=()".contains($0) }) else { return nil }
    if word.contains("://") || word.hasPrefix("/") && word.hasSuffix(".rpm") {
      form = .file
    } else if word.contains(where: { "*?[".contains($0) }) {
      form = .pattern(GlobPattern(word))
    } else {
      form = word.hasPrefix("/") ? .path : .label
    }
  }

  package var isFile: Bool { form == .file }

  package var isPattern: Bool {
    if case .pattern = form { return true }
    return false
  }

  /// Names of installed packages of which this may be a version: `a-b-1.0-2` may be one of `a-b`.
  /// A version begins with a digit, as good as always.
  package var possibleNames: [String] {
    if case .relation(let name, _, _) = form { return [name] }
    guard form == .label else { return [] }
    let parts = word.split(separator: "-", omittingEmptySubsequences: false)
    return [1, 2].compactMap { count in
      guard parts.count > count, parts[parts.count - count].first?.isNumber == true else {
        return nil
      }
      return parts.dropLast(count).joined(separator: "-")
    }
  }

  /// Whether `package` is what is asked for, by its own name.
  package func accepts(_ package: RPMPackage) -> Bool {
    switch form {
    case .label: return package.labels.contains(word)
    case .pattern(let pattern): return package.labels.contains { pattern.matches($0) }
    case .relation(let name, let comparison, let version):
      guard package.name == name || "\(package.name).\(package.architecture)" == name else {
        return false
      }
      let order = package.version.compared(to: version)
      return order == 0 ? comparison.contains("=") : comparison.contains(order < 0 ? "<" : ">")
    case .path, .file: return false
    }
  }
}

/// A package that is installed, that a repository has, or that a file holds.
package struct RPMPackage: Hashable, Sendable {
  package var name: String
  package var version: RPMVersion
  package var architecture: String

  /// Reads `NAME\tEPOCH\tVERSION\tRELEASE\tARCHITECTURE`.
  package init?(_ line: Substring) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 5 else { return nil }
    name = fields[0]
    version = RPMVersion(epoch: Int(fields[1]), version: fields[2], release: fields[3])
    architecture = fields[4]
  }

  /// What dnf knows it by: its name, then with version, with release, with architecture.
  package var labels: [String] {
    let plain = "\(name)-\(version.version)"
    let full = "\(plain)-\(version.release)"
    let epoch = "\(name)-\(version.epoch ?? 0):\(version.version)"
    return [
      name, "\(name).\(architecture)", plain, full, "\(full).\(architecture)", epoch,
      "\(epoch)-\(version.release)", "\(epoch)-\(version.release).\(architecture)",
    ]
  }
}

extension Sequence<RPMPackage> {
  /// The one with the highest version.
  package var newest: RPMPackage? { self.max { $0.version.compared(to: $1.version) < 0 } }
}
