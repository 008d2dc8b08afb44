import ArgumentParser
import Glibc
import ModuleKit
import Modules
import Reports

/// `orchestrate doc`: the manual of the modules.
struct DocCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doc", abstract: "Show, write or check the manual of the modules.")

  static let path = "Documentation/Modules.md"

  @Argument(help: "The module; all of them where none is named.")
  var module: String?

  @Flag(help: "Write \(Self.path).")
  var write = false

  @Flag(help: "Fail where \(Self.path) isn't what would be written.")
  var check = false

  func run() throws {
    let manual = ModuleManual(ShippedModules.registry)
    if let module {
      guard let entry = ShippedModules.registry[module] else {
        throw ValidationError("there is no module `\(module)`")
      }
      return print(manual.page(entry.documentation), terminator: "")
    }
    if write { return try TextFile.write(manual.text, to: Self.path) }
    if check {
      guard TextFile.read(Self.path) == manual.text else {
        TextFile.standardError("\(Self.path) is out of date: run `orchestrate doc --write`\n")
        throw ExitStatus.failure.exitCode
      }
      return
    }
    print(manual.text, terminator: "")
  }
}
