import Foundation
import Testing

/// Inputs that broke something once: `Scripts/fuzz templates` found them.
@Suite struct FuzzTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Cases/Fuzz")

  static let names: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted()
  }()

  @Test(.timeLimit(.minutes(1)), arguments: names)
  func whatBrokeItOnceIsAnswered(name: String) throws {
    TemplateFuzz.run(Array(try Data(contentsOf: Self.folder.appending(path: name))))
  }
}
