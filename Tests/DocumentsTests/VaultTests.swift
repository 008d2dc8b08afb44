import Cryptography
import Diagnostics
import Documents
import FoundationEssentials
import Templates
import Testing
import Values

/// A text that ansible-vault 2.19 encrypted with a known salt.
struct RecordedVault: Decodable, Sendable, CustomTestStringConvertible {
  var password: String
  var label: String?
  var salt: String
  var plain: String
  var text: String

  var testDescription: String { password }
  var plainBytes: [UInt8] { Base64.decode(plain) ?? [] }
  var passwords: VaultPasswords { .of(password) }

  static let all: [RecordedVault] = {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let bytes = try? DocumentFile.bytes("/\(folder)/Cases/vaults.json")
    return (try? JSONDecoder().decode([RecordedVault].self, from: Data(bytes ?? []))) ?? []
  }()
}

extension VaultPasswords {
  static func of(_ texts: String...) -> VaultPasswords {
    VaultPasswords(texts.map { Password(bytes: Array($0.utf8), origin: "test") })
  }
}

@Suite struct VaultTests {
  private let place = SourceRange(file: SourceFile(path: "v.yml", text: ""), line: 3, column: 5)

  @Test func thereAreCases() {
    #expect(RecordedVault.all.count == 10)
  }

  @Test(arguments: RecordedVault.all)
  func decryptsWhatAnsibleEncrypts(_ testCase: RecordedVault) throws {
    let plain = try Vault.decrypt(testCase.text, with: testCase.passwords, at: place)
    #expect(plain == testCase.plainBytes)
  }

  @Test(arguments: RecordedVault.all)
  func encryptsAsAnsibleDoes(_ testCase: RecordedVault) {
    let text = Vault.encrypt(
      testCase.plainBytes, password: Array(testCase.password.utf8), label: testCase.label,
      salt: Array(testCase.salt.utf8))
    #expect(text == testCase.text)
  }

  @Test func everyEncryptionIsAnother() throws {
    let one = Vault.encrypt([1, 2], password: [3])
    let other = Vault.encrypt([1, 2], password: [3])
    #expect(one != other)
    let passwords = VaultPasswords([.init(bytes: [3], origin: "test")])
    #expect(try Vault.decrypt(one, with: passwords, at: place) == [1, 2])
  }

  @Test func triesAllPasswords() throws {
    let text = Vault.encrypt(Array("x".utf8), password: Array("two".utf8), label: "b")
    let plain = try Vault.decrypt(text, with: .of("one", "two"), at: place)
    #expect(plain == Array("x".utf8))
  }

  // MARK: Errors

  private func failure(_ text: String, _ passwords: VaultPasswords) -> String {
    do throws(Diagnostics) {
      _ = try Vault.decrypt(text, with: passwords, at: place)
      return ""
    } catch {
      return error.all.map { DiagnosticRenderer().render($0) }.joined()
    }
  }

  @Test func saysWhatIsWrong() {
    let text = Vault.encrypt([1], password: [2], label: "dev")
    #expect(
      failure(text, .of("wrong")) == """
        v.yml:3:5: error: no vault password opens this vaulted text with the label `dev`
          help: tried: default (test); give the right one, or restore the text if it was edited

        """)
    #expect(
      failure(text, VaultPasswords()) == """
        v.yml:3:5: error: this is vaulted and there is no vault password
          help: give it with --vault-password-file, --vault-id, or vault_password_file in ansible.cfg

        """)
    let damaged = """
      v.yml:3:5: error: this vaulted text is damaged
        help: restore it: a character is missing or was changed

      """
    #expect(failure(String(text.dropLast(3)), .of("x")) == damaged)
    #expect(failure(text.replacing("3", with: "g"), .of("x")) == damaged)
    #expect(failure("$ANSIBLE_VAULT;1.1;AES256\n", .of("x")) == damaged)
    #expect(
      failure("$ANSIBLE_VAULT;1.0;AES\n00", .of("x")) == """
        v.yml:3:5: error: vault format 1.0 with AES isn't supported
          help: encrypt it anew: formats 1.1 and 1.2 with AES256 are supported

        """)
  }

  @Test func aChangedTextIsNotDecrypted() {
    var text = Vault.encrypt(Array("secret".utf8), password: Array("p".utf8))
    let last = text.index(text.endIndex, offsetBy: -2)
    text.replaceSubrange(last...last, with: text[last] == "1" ? "2" : "1")
    #expect(failure(text, .of("p")).contains("no vault password opens"))
  }

  // MARK: In documents

  private func vaulted(_ text: String) -> String {
    Vault.encrypt(Array(text.utf8), password: Array("p".utf8))
  }

  @Test func valuesOfVaultedFilesAreSecret() throws {
    let text = vaulted("a: geheim\nb: [1, {c: '{{ a }}'}]\n")
    let document = try YAMLReader(passwords: .of("p")).read(path: "v.yml", text: text)
    guard case .dict(let entries, _) = document, case .literal(let value, _) = entries[0].value,
      case .list(let items, _) = entries[1].value, case .literal(let one, _) = items[0],
      case .dict(let inner, _) = items[1], case .template(let template) = inner[0].value,
      case .literal(let key, _) = entries[0].key
    else {
      Issue.record("another document")
      return
    }
    #expect(key == "a")
    #expect(value.marks == .secret && value.unmarked() == "geheim")
    #expect(one.marks == .secret)
    #expect(template.options.marks == .secret)
  }

  @Test func errorsInVaultedFilesDoNotShowThem() {
    let reader = YAMLReader(passwords: .of("p"))
    do throws(Diagnostics) {
      _ = try reader.read(path: "v.yml", text: vaulted("canary: [1\nother: canary\n"))
      Issue.record("no error")
    } catch {
      let text = error.all.map { DiagnosticRenderer().render($0) }.joined()
      #expect(text.hasPrefix("v.yml:2:"))
      #expect(!text.contains("canary"))
    }
  }

  @Test func vaultedValuesAreSecret() throws {
    let lines = vaulted("geheim").split(separator: "\n").map { "  " + $0 }
    let text = "a: !vault |\n" + lines.joined(separator: "\n") + "\n"
    let document = try YAMLReader(passwords: .of("p")).read(path: "x.yml", text: text)
    guard case .dict(let entries, _) = document else {
      Issue.record("another document")
      return
    }
    let value = try entries[0].value.evaluate(in: nothing)
    #expect(value.marks == .secret && value.unmarked() == "geheim")
  }

  @Test func vaultedValuesAreNoTemplates() throws {
    let lines = vaulted("{{ x }}").split(separator: "\n").map { "  " + $0 }
    let text = "!vault |\n" + lines.joined(separator: "\n") + "\n"
    let document = try YAMLReader(passwords: .of("p")).read(path: "x.yml", text: text)
    #expect(try document.evaluate(in: nothing).unmarked() == "{{ x }}")
  }

  /// Nothing that is wrong with a vaulted value breaks what doesn't use it, and its error names
  /// its place.
  @Test(arguments: [
    ("other", "no vault password opens"), ("", "there is no vault password"),
    ("damaged", "damaged"), ("none", "this is no vaulted text"),
  ])
  func vaultedValuesAreOpenedWhereTheyAreUsed(_ trouble: String, _ words: String) throws {
    var text = vaulted("geheim")
    if trouble == "damaged" { text = String(text.dropLast(3)) }
    if trouble == "none" { text = "plain" }
    let passwords = ["": VaultPasswords(), "other": .of("q")][trouble] ?? .of("p")
    let lines = text.split(separator: "\n").map { "  " + $0 }
    let document = try YAMLReader(passwords: passwords).read(
      path: "x.yml", text: "b: 1\na: !vault |\n" + lines.joined(separator: "\n") + "\n")
    guard case .dict(let entries, _) = document else { return }
    #expect(try entries[0].value.evaluate(in: nothing) == 1)
    for _ in 1...2 {
      do throws(TemplateError) {
        _ = try entries[1].value.evaluate(in: nothing)
        Issue.record("it has a value")
      } catch {
        #expect(error.message.contains(words))
        #expect(error.kind == .other && error.range?.start.line == 3)
      }
    }
    let defaulted = Template("{{ a | default('no') }}", at: document.range)
    let scope = Scope(OverlaidVariables(["a": .expression(entries[1].value)], over: NoVariables()))
    #expect(throws: TemplateError.self) { try defaulted.evaluate(in: scope) }
  }

  private var nothing: Scope { Scope(NoVariables()) }

  @Test func withoutPasswordVaultedValuesFailWhereTheyAreUsed() throws {
    let lines = vaulted("geheim").split(separator: "\n").map { "  " + $0 }
    let text = "a: !vault |\n" + lines.joined(separator: "\n") + "\nb: 1\n"
    let document = try YAMLReader().read(path: "x.yml", text: text)
    guard case .dict(let entries, _) = document else { return }
    let scope = Scope(OverlaidVariables([:], over: NoVariables()))
    #expect(throws: TemplateError.self) { try entries[0].value.evaluate(in: scope) }
    #expect(try entries[1].value.evaluate(in: scope) == 1)
  }
}

/// No variables at all.
private struct NoVariables: VariableSource {
  func variable(named name: String) -> Variable? { nil }
  var names: [String] { [] }
}
