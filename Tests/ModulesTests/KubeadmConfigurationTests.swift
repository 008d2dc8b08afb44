import Hosts
import ModuleKit
import Modules
import OrderedCollections
import TestSupport
import Testing
import Values

/// What kubeadm is given, in each version of its configuration.
///
/// It is what `Kubeadm/Good` has, and no field that the documentation, in `Kubeadm/Fields`,
/// hasn't.
@Suite struct KubeadmConfigurationTests {
  static let folder = CaseFolder("Kubeadm")
  /// A release that reads each version of the configuration.
  static let releases: [(form: String, release: String)] = [
    ("v1beta2", "v1.20.2"), ("v1beta3", "v1.29.3"), ("v1beta4", "v1.31.0"),
  ]

  @Test(arguments: ["init", "plane", "worker"], releases)
  func isTheGoodFile(_ name: String, _ version: (form: String, release: String)) throws {
    let written = try Self.written(name, for: version.release)
    let good = try PlainData.readAll("\(Self.folder.path)/Good/\(name).\(version.form).yaml")
    #expect(written.map(Self.sorted) == good.map(Self.sorted))
  }

  @Test(arguments: ["init", "plane", "worker"], releases)
  func hasDocumentedFieldsAlone(
    _ name: String, _ version: (form: String, release: String)
  ) throws {
    let parts = try PlainData.read("\(Self.folder.path)/Fields/\(version.form).yaml")
    for document in try Self.written(name, for: version.release) {
      let kind = try #require(document["kind"]?.text)
      guard document["apiVersion"]?.text == "kubeadm.k8s.io/\(version.form)" else {
        #expect(["KubeletConfiguration", "KubeProxyConfiguration"].contains(kind))
        continue
      }
      var fields = document.entries ?? []
      fields.removeAll { $0.key == "apiVersion" || $0.key == "kind" }
      let body = Value.object(
        OrderedDictionary(uniqueKeysWithValues: fields.map { ($0.key, $0.value) }))
      #expect(Self.complaints(of: body, as: kind, at: kind, parts) == [])
    }
  }

  @Test func saysWhichFieldNobodyReads() throws {
    let parts = try PlainData.read("\(Self.folder.path)/Fields/v1beta4.yaml")
    let old: Value = ["timeoutForControlPlane": "6m0s", "extraArgs": ["profiling": "false"]]
    #expect(
      Self.complaints(of: old, as: "APIServer", at: "apiServer", parts) == [
        "apiServer has no field timeoutForControlPlane", "apiServer.extraArgs is no [Argument]",
      ])
  }

  /// The documents that a case's module gives to a release of kubeadm.
  private static func written(_ name: String, for release: String) throws -> [Value] {
    let testCase = try ModuleCase("\(name).yml", in: folder)
    let module = try testCase.make(in: ShippedModules.registry)
    let answer = ScriptedAnswer("orchestrate-unfinished", CommandOutput("version \(release)\n"))
    var host = MemoryHost(answers: [answer])
    let change = try host.look(module.probe)
    guard case .run(let command)? = change.actions.last?.operation else {
      Issue.record("\(name): no command")
      return []
    }
    let text = String(decoding: command.standardInput ?? [], as: UTF8.self)
    return try PlainData.readAll(name, text: text)
  }

  /// With the keys of every dictionary in order: no reader of YAML minds it.
  private static func sorted(_ value: Value) -> Value {
    if let items = value.items { return .list(items.map(sorted)) }
    guard let entries = value.entries else { return value }
    return .object(
      OrderedDictionary(
        uniqueKeysWithValues: entries.sorted { $0.key < $1.key }.map { ($0.key, sorted($0.value)) })
    )
  }

  /// What the documented type says against a value, with its place.
  private static func complaints(
    of value: Value, as type: String, at path: String, _ parts: Value
  ) -> [String] {
    if type.hasPrefix("["), let items = value.items {
      let inner = String(type.dropFirst().dropLast())
      return items.flatMap { complaints(of: $0, as: inner, at: "\(path)[]", parts) }
    }
    let isPlain =
      switch (type, value) {
      case ("text", .string), ("duration", .string), ("number", .int), ("flag", .bool): true
      case ("texts by name", .dict): value.entries?.allSatisfy { $0.value.text != nil } == true
      case ("flags by name", .dict): true
      default: false
      }
    if isPlain { return [] }
    guard let fields = parts[type]?.entries, let entries = value.entries else {
      return ["\(path) is no \(type)"]
    }
    return entries.flatMap { key, inner -> [String] in
      guard let wanted = fields.first(where: { $0.key == key })?.value.text else {
        return ["\(path) has no field \(key)"]
      }
      return complaints(of: inner, as: wanted, at: "\(path).\(key)", parts)
    }
  }
}
