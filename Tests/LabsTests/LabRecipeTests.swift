import FoundationEssentials
import Testing

@testable import Labs

@Suite struct LabRecipeTests {
  static let all =
    LabRelease.allCases.flatMap { [LabImage.recipe(of: $0), LabPackages.recipe(of: $0)] } + [
      LabKubernetes.recipe, LabKubernetes.nextRecipe, LabKubernetesPackages.recipe,
      LabContainerImages.recipe,
    ]

  @Test(arguments: all.map(\.key)) func scriptIsShell(key: String) throws {
    let recipe = try #require(Self.all.first { $0.key == key })
    try LabCommand(["sh", "-n"], input: recipe.input).run()
  }

  @Test func everyReleaseIsAPieceOfItsOwn() {
    #expect(Set(Self.all.map(\.key)).count == Self.all.count)
    let trixie = LabPackages.recipe(of: .trixie)
    #expect(
      trixie.order.map(\.key).map { $0.split(separator: "-")[0] } == [
        "base_trixie", "packages_trixie",
      ])
    #expect(trixie.order.map(\.variable) == ["BASE", "PACKAGES"])
    #expect(trixie.input.contains("$main trixie main"))
    #expect(!trixie.input.contains("bookworm"))
    #expect(!LabPackages.recipe(of: .bookworm).input.contains("trixie"))
  }

  @Test func theNextKubernetesDiffersByWhatIsLinked() {
    let lines = LabKubernetes.recipe.script.split(separator: "\n")
    let next = LabKubernetes.nextRecipe.script.split(separator: "\n")
    let pairs = zip(lines, next).filter { $0 != $1 }
    #expect(lines.count == next.count && pairs.count == 1)
    #expect(pairs.first?.0.contains("gitVersion=v$version") == true)
    #expect(pairs.first?.1.contains("gitVersion=v1.20.3") == true)
  }

  @Test func keyFollowsTheScriptAndTheInputs() {
    let input = LabRecipe(name: "base", title: "", script: "one")
    let other = LabRecipe(name: "base", title: "", script: "two")
    let upon = { LabRecipe(name: "upon", title: "", inputs: [$0], script: "three") }
    #expect(input.key != other.key)
    #expect(upon(input).key != upon(other).key)
    #expect(upon(input).key == upon(input).key)
    #expect(input.key.hasPrefix("base-") && input.key.count == "base-".count + 16)
  }

  @Test func inputsComeFirstAndOnce() {
    #expect(
      LabContainerImages.recipe.order.map(\.name) == ["base", "kubernetes", "container_images"])
    let order = Self.all.flatMap(\.order).map(\.name)
    #expect(order.first == "base")
  }

  @Test func cacheHoldsWholePiecesOnly() throws {
    let folder = try temporaryFolder()
    defer { try? LabFiles.remove(folder) }
    let cache = LabCache(folder: folder, isolation: [])
    let broken = LabRecipe(
      name: "broken", title: "what breaks", script: "echo half > file; echo why; exit 1")
    let error = #expect(throws: LabError.self) { try cache.build([broken]) { _ in } }
    #expect(error?.description.contains("what breaks: the build failed\nwhy") == true)
    #expect(!cache.has(broken))

    let input = LabRecipe(name: "input", title: "in", script: "echo a > file; say made a")
    let output = LabRecipe(
      name: "output", title: "out", inputs: [input], script: "cat \"$INPUT/file\" > copy")
    var said: [String] = []
    try cache.build([output]) { said.append($0) }
    #expect(said == ["building in", "  made a", "building out"])
    #expect(LabFiles.read(cache.path(of: output) + "/copy") == "a\n")

    said = []
    try cache.build([output, input]) { said.append($0) }
    #expect(said.isEmpty)
  }

  private func temporaryFolder() throws -> String {
    try LabCommand(["mktemp", "-d"]).run().filter { !$0.isNewline }
  }
}
