import Diagnostics
import Documents
import Execution
import Foundation
import Templates
import Testing
import Values

/// The files that the lookup `password` keeps.
@Suite(.timeLimit(.minutes(1)))
struct PasswordFileTests {
  private let folder =
    FileManager.default.temporaryDirectory.path + "/passwords-" + UUID().uuidString

  private struct NoVariables: VariableSource {
    func variable(named name: String) -> Variable? { nil }
    var names: [String] { [] }
  }

  private func look(_ term: String, mayWrite: Bool = true) throws -> Value {
    let resources = RunResources(
      search: FileSearch(roles: [], taskFolder: folder, playFolder: folder), secrets: RunSecrets(),
      passwords: VaultPasswords(), mayWrite: mayWrite
    ) { _ in [] }
    let range = SourceRange.synthesized("test")
    return try Template("{{ lookup('password', '\(term)') }}", at: range).evaluate(
      in: Scope(NoVariables(), resources: resources))
  }

  private func content(_ path: String) throws -> String {
    try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
  }

  private func mode(_ path: String) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + path)
    return attributes[.posixPermissions] as? Int
  }

  @Test func aPasswordIsMadeOnceAndKeptPrivate() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try look("a/b length=12")
    #expect(first.marks == .secret)
    #expect(first.unmarked().description.count == 12)
    #expect(try content("a/b") == first.unmarked().description + "\n")
    #expect(try mode("a/b") == 0o600)
    #expect(try mode("a") == 0o700)
    #expect(try look("a/b length=30") == first)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a") == ["b"])
  }

  @Test func aPlanReadsButDoesNotMake() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard case .unknown = try look("p", mayWrite: false).unmarked() else {
      Issue.record("a plan told a password that isn't made yet")
      return
    }
    #expect(!FileManager.default.fileExists(atPath: folder))
    let made = try look("p")
    #expect(try look("p", mayWrite: false) == made)
    // The hash needs a salt, which the file doesn't have yet.
    guard case .unknown = try look("p encrypt=md5_crypt", mayWrite: false).unmarked() else {
      Issue.record("a plan told a hash whose salt isn't made yet")
      return
    }
  }

  @Test func aHashKeepsItsSalt() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let plain = try look("h length=8").unmarked().description
    let hash = try look("h encrypt=md5_crypt")
    let salt = try content("h").dropFirst(plain.count + 6).dropLast()
    #expect(try content("h") == "\(plain) salt=\(salt)\n")
    #expect(hash.unmarked().description.hasPrefix("$1$\(salt)$"))
    #expect(try look("h encrypt=md5_crypt") == hash)
    #expect(try look("h").unmarked().description == plain)
    _ = try look("i length=4 encrypt=bcrypt")
    #expect(try content("i").hasSuffix(" ident=2b\n"))
    #expect(throws: TemplateError.self) { try look("i encrypt=bcrypt ident=2a") }
  }
}
