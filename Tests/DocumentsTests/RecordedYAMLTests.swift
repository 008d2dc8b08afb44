import Diagnostics
import Documents
import FoundationEssentials
import OrderedCollections
import Templates
import Testing
import Values

/// A YAML text, and what ansible-core 2.19 makes of it; nil where it refuses it.
struct RecordedYAML: Decodable, Sendable, CustomTestStringConvertible {
  var text: String
  var value: String?

  var testDescription: String { text }

  static let all: [RecordedYAML] = {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let bytes = try? DocumentFile.bytes("/\(folder)/Cases/yaml.json")
    return (try? JSONDecoder().decode([RecordedYAML].self, from: Data(bytes ?? []))) ?? []
  }()
}

@Suite struct RecordedYAMLTests {
  @Test func thereAreCases() {
    #expect(RecordedYAML.all.count > 150)
  }

  @Test(arguments: RecordedYAML.all)
  func meansWhatItMeansToAnsible(_ testCase: RecordedYAML) {
    let read = try? YAMLReader().read(path: "x.yml", text: testCase.text)
    #expect(read?.plain.debugDescription == testCase.value)
  }
}

extension Templates.Expression {
  /// The data as written, with templates as their text.
  var plain: Value {
    switch self {
    case .literal(let value, _): value
    case .template(let template): .string(template.text)
    case .list(let items, _): .list(items.map(\.plain))
    case .dict(let entries, _):
      .dict(.init(entries.map { ($0.key.plain, $0.value.plain) }, uniquingKeysWith: { $1 }))
    }
  }
}
