package import OrderedCollections
package import Values

/// A document of kubeadm's configuration, in the form that a version of it reads.
package struct KubeadmDocument: Hashable, Sendable {
  package typealias Fields = OrderedDictionary<String, Value>

  package var kind: String
  package var fields: Fields

  package init(_ kind: String, _ fields: Fields) {
    self.kind = kind
    self.fields = fields
  }

  /// Sets a field at a path, unless the user has set it.
  package mutating func setDefault(_ path: [String], _ value: Value?) {
    guard let value else { return }
    fields = Self.merge(Self.nest(path[...], value), under: fields)
  }

  private static func nest(_ path: ArraySlice<String>, _ value: Value) -> Fields {
    guard let first = path.first else { return [:] }
    let rest = path.dropFirst()
    return [first: rest.isEmpty ? value : .object(nest(rest, value))]
  }

  /// The fields of `defaults`, with those of `given` over them, at every depth.
  private static func merge(_ defaults: Fields, under given: Fields) -> Fields {
    var result = given
    for (key, value) in defaults {
      if let mine = result[key], let inner = mine.fields, let theirs = value.fields {
        result[key] = .object(merge(theirs, under: inner))
      } else if result[key] == nil {
        result[key] = value
      }
    }
    return result
  }

  /// As JSON, with what the version has in another form put into it.
  package func text(for version: KubeadmConfigurationVersion) -> String {
    var document: Fields = [:]
    if !kind.isEmpty {
      let isKubeadms = ["InitConfiguration", "ClusterConfiguration", "JoinConfiguration"]
        .contains(kind)
      let isKubelets = kind == "KubeletConfiguration"
      document["apiVersion"] = .string(
        isKubeadms
          ? version.apiVersion
          : isKubelets ? "kubelet.config.k8s.io/v1beta1" : "kubeproxy.config.k8s.io/v1alpha1")
      document["kind"] = .string(kind)
    }
    for (key, value) in fields where key != "apiVersion" && key != "kind" { document[key] = value }
    Self.moveTimeouts(&document, kind, version)
    return JSONText.write(Self.converted(.object(document), version))
  }

  /// Arguments as the version writes them: a dictionary, or a list of names and values.
  private static func converted(_ value: Value, _ version: KubeadmConfigurationVersion) -> Value {
    switch value {
    case .list(let items): return .list(items.map { converted($0, version) })
    case .dict:
      var fields = value.fields ?? [:]
      for (key, inner) in fields {
        fields[key] =
          key == "extraArgs" || key == "kubeletExtraArgs"
          ? arguments(inner, version) : converted(inner, version)
      }
      return .object(fields)
    default: return value
    }
  }

  private static func arguments(_ value: Value, _ version: KubeadmConfigurationVersion) -> Value {
    if version.hasArgumentLists, let fields = value.fields {
      return .list(
        fields.map { ["name": .string($0.key), "value": .string(argumentText($0.value))] })
    }
    if !version.hasArgumentLists, case .list(let items) = value {
      var fields: Fields = [:]
      for item in items {
        fields[item["name"]?.description ?? ""] = .string(argumentText(item["value"] ?? .null))
      }
      return .object(fields)
    }
    if let fields = value.fields { return .object(fields.mapValues { .string(argumentText($0)) }) }
    return value
  }

  /// Components' arguments are texts; YAML has read `true` and numbers as what they look like.
  private static func argumentText(_ value: Value) -> String {
    value == .bool(true) ? "true" : value == .bool(false) ? "false" : value.description
  }

  /// v1beta4 has time-outs in one place.
  private static func moveTimeouts(
    _ fields: inout Fields, _ kind: String, _ version: KubeadmConfigurationVersion
  ) {
    guard version.hasArgumentLists, kind == "JoinConfiguration",
      var discovery = fields["discovery"]?.fields, let timeout = discovery["timeout"]
    else { return }
    discovery["timeout"] = nil
    fields["discovery"] = .object(discovery)
    var timeouts = fields["timeouts"]?.fields ?? [:]
    timeouts["discovery"] = timeouts["discovery"] ?? timeout
    fields["timeouts"] = .object(timeouts)
  }
}

extension Value {
  /// The entries of a dictionary by their keys' texts; nil where this is none.
  package var fields: OrderedDictionary<String, Value>? {
    guard case .dict(let dict) = unmarked() else { return nil }
    return OrderedDictionary(dict.map { ($0.key.description, $0.value) }, uniquingKeysWith: { $1 })
  }
}

extension [KubeadmDocument] {
  /// All documents as one text.
  package func text(for version: KubeadmConfigurationVersion) -> String {
    withTimeout(for: version).map { $0.text(for: version) }.joined(separator: "\n---\n") + "\n"
  }

  /// How long init waits for the API is the cluster's business up to v1beta3, and init's since.
  private func withTimeout(for version: KubeadmConfigurationVersion) -> Self {
    guard version.hasArgumentLists,
      let cluster = firstIndex(where: { $0.kind == "ClusterConfiguration" }),
      var server = self[cluster].fields["apiServer"]?.fields,
      let timeout = server.removeValue(forKey: "timeoutForControlPlane")
    else { return self }
    var documents = self
    documents[cluster].fields["apiServer"] = .object(server)
    for index in indices where self[index].kind == "InitConfiguration" {
      documents[index].setDefault(["timeouts", "controlPlaneComponentHealthCheck"], timeout)
    }
    return documents
  }
}
