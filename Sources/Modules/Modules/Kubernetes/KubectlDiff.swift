package import Hosts
package import Values

/// What `kubectl diff` finds: per object, the lines that differ.
package struct KubectlDiff: Hashable, Sendable {
  package struct Object: Hashable, Sendable {
    /// `ConfigMap kube-system/settings`.
    package var name: String
    /// Nil where the object isn't there.
    package var before: String?
    package var after: String
  }

  package var objects: [Object] = []
  /// What it says where it can't compare.
  package var complaint: String?
  /// It can't compare because something isn't there that the manifest itself may bring: a namespace,
  /// or the definition of a kind.
  package var lacksSomething = false
  /// Whether the cluster couldn't be asked at all.
  package var isSilent = false

  package init() {}

  /// Understands the output of `kubectl diff`: exit status 0 finds nothing, 1 differences.
  package init(answer: CommandOutput) {
    switch answer.status {
    case 0: break
    case 1 where !answer.standardOutput.isEmpty: objects = Self.objects(in: answer.text)
    default:
      let said = answer.complaint
      complaint = said
      lacksSomething =
        said.contains("no matches for kind")
        || said.contains("namespaces \"") && said.contains("not found")
        || said.contains("ensure CRDs are installed first")
    }
  }

  /// Takes apart a unified diff of files named `VERSION.KIND.NAMESPACE.NAME`.
  private static func objects(in text: String) -> [Object] {
    var objects: [Object] = []
    var before: [Substring] = []
    var after: [Substring] = []
    var name = ""
    var isNew = false
    func finish() {
      if name.isEmpty { return }
      objects.append(
        Object(
          name: name, before: isNew ? nil : before.map { $0 + "\n" }.joined(),
          after: after.map { $0 + "\n" }.joined()))
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("diff ") {
        finish()
        (before, after) = ([], [])
        name = self.name(ofFile: line.split(separator: "/").last ?? "")
        isNew = false
      } else if line.hasPrefix("@@ ") {
        isNew = line.hasPrefix("@@ -0,0 ")
      } else if line.hasPrefix("--- ") || line.hasPrefix("+++ ") || line.hasPrefix("\\") {
        continue
      } else if line.hasPrefix("-") {
        before.append(line.dropFirst())
      } else if line.hasPrefix("+") {
        after.append(line.dropFirst())
      } else if line.hasPrefix(" ") {
        before.append(line.dropFirst())
        after.append(line.dropFirst())
      }
    }
    finish()
    return objects
  }

  /// `apps.v1.Deployment.default.web` is `Deployment default/web`.
  private static func name(ofFile file: Substring) -> String {
    let parts = file.split(separator: ".", omittingEmptySubsequences: false)
    guard let kind = parts.firstIndex(where: { $0.first?.isUppercase ?? false }),
      parts.count >= kind + 3
    else { return String(file) }
    let rest = parts[(kind + 2)...].joined(separator: ".")
    return "\(parts[kind]) " + (parts[kind + 1].isEmpty ? rest : "\(parts[kind + 1])/\(rest)")
  }

  /// What the plan shows.
  package func differences(isSecret: Bool) -> [Difference] {
    objects.map { object in
      Difference(
        object.name, .text(before: object.before, after: object.after), isSecret: isSecret)
    }
  }
}
