import FoundationEssentials
import OrderedCollections
import Settings
import Templates
import Testing
import Values

/// What `lookup('config', …)` knows, beside what `ansible-config dump` said:
/// `Scripts/record-settings` wrote it down.
@Suite struct ConfiguredSettingsTests {
  private let content: Value
  /// The folder of the settings; resolved, as the temporary folder may be a link.
  private let folder: String

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Cases/names.json")
    content = try Value(json: String(contentsOf: file, encoding: .utf8))
    folder =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
      + "/names-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func configured() throws -> ConfiguredSettings {
    let text = try #require(content["configuration"]?.description)
    try Data(text.utf8).write(to: URL(filePath: folder + "/ansible.cfg"))
    var environment = [
      "HOME": folder + "/home", "ANSIBLE_CONFIG": folder + "/ansible.cfg",
    ]
    guard case .dict(let given)? = content["environment"] else { return ConfiguredSettings() }
    for (name, value) in given { environment[name.description] = value.description }
    return try Settings.read(folder: folder, environment: environment).configured
  }

  private func shortened(_ value: Value) -> Value {
    switch value {
    case .string(let text):
      .string(text.replacing(folder + "/home", with: "HOME").replacing(folder, with: "CASE"))
    case .list(let items): .list(items.map(shortened))
    default: value
    }
  }

  @Test func eachSettingOfAnsibleIsKnownOrNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let configured = try configured()
    guard case .list(let settings)? = content["settings"] else {
      Issue.record("there are no settings")
      return
    }
    #expect(settings.count > 150)
    var differing: Set<String> = []
    for case .list(let setting) in settings {
      let name = setting[0].description
      if let ours = configured.known[name] {
        let isEqual =
          shortened(ours.value) == setting[1]
          && shortened(.string(ours.origin)) == setting[2]
        if !isEqual { differing.insert(name) }
      } else {
        #expect(configured.foreign.contains(name), "\(name)")
      }
    }
    guard case .dict(let differs)? = content["differs"] else { return }
    #expect(differing == Set(differs.keys.map(\.description)))
  }
}
