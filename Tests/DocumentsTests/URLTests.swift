import Diagnostics
import Documents
import Foundation
import OrderedCollections
import Templates
import Testing
import Values

/// Asks a server on loopback by the machine's curl, and compares with what Ansible's lookup `url`
/// answered: `Scripts/record-templates` wrote it down.
@Suite(.timeLimit(.minutes(1))) struct URLTests {
  private struct Resources: TemplateResources {
    private let none = NoResources()
    var templates: TemplateCache { none.templates }

    func fetch(_ query: WebQuery) throws(TemplateError) -> [UInt8] { try WebFetch(query).body() }
    func locate(_ name: String, in folder: String) -> String? { nil }
    func read(_ path: String) throws(TemplateError) -> (bytes: [UInt8], isSecret: Bool) {
      try none.read(path)
    }
    func environment(_ name: String) -> String? { nil }
    func pipe(_ command: String) throws(TemplateError) -> String { try none.pipe(command) }
    func runSecret(_ name: String, byteCount: Int) -> [UInt8] { [] }
    func hosts(matching pattern: String) throws(TemplateError) -> [String] { [] }
    func decrypt(_ vaultText: String) throws(TemplateError) -> String { vaultText }
  }

  private struct Variables: VariableSource {
    var all: [String: Value]
    func variable(named name: String) -> Variable? { all[name].map { .value($0) } }
    var names: [String] { Array(all.keys) }
  }

  private func answer(_ text: String, _ variables: [String: Value]) throws(TemplateError) -> Value {
    try Template(text, at: .synthesized("case"), options: .condition).evaluate(
      in: Scope(Variables(all: variables), resources: Resources()))
  }

  private func shortened(_ value: Value, _ address: String) -> Value {
    switch value {
    case .string(let text): .string(text.replacing(address, with: "SERVER"))
    case .list(let items): .list(items.map { shortened($0, address) })
    default: value
    }
  }

  @Test func answersAsRecorded() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Cases/urls.json")
    let content = try Value(json: String(contentsOf: file, encoding: .utf8))
    let server = try CaseServer(try #require(content["server"]))
    defer { server.stop() }
    let address = "127.0.0.1:\(server.port)"
    guard case .list(let cases)? = content["cases"] else { return }
    #expect(cases.count > 40)
    for recorded in cases {
      let text = try #require(recorded["template"]?.description)
      var variables: [String: Value] = ["server": .string("http://" + address)]
      if case .dict(let own)? = recorded["variables"] {
        for (name, value) in own { variables[name.description] = value }
      }
      do throws(TemplateError) {
        let value = shortened(try answer(text, variables), address)
        #expect(value == recorded["result"], "\(text)")
      } catch {
        let message = error.message.replacing(address, with: "SERVER")
        if let ours = recorded["ours"]?.description {
          #expect(message == ours, "\(text)")
        } else {
          #expect(recorded["error"]?.description.contains(message) == true, "\(text): \(message)")
        }
      }
    }
  }

  @Test func whatIsSecretStaysSo() throws {
    let server = try CaseServer(["/page": ["body": "x"]])
    defer { server.stop() }
    let secret = Value.string("http://u:canary@127.0.0.1:\(server.port)").marked(.secret)
    let value = try answer("lookup('url', server ~ '/page')", ["server": secret])
    #expect(value == .string("x").marked(.secret))
    do throws(TemplateError) {
      _ = try answer("lookup('url', server ~ '/nope')", ["server": secret])
      Issue.record("a page that isn't there was answered")
    } catch {
      #expect(!"\(error.message) \(error.help ?? "")".contains("canary"))
    }
  }

  @Test func aRequestHasNoRoomForAnother() throws {
    for option in ["http_agent", "username", "password"] {
      do throws(TemplateError) {
        _ = try answer("lookup('url', 'http://127.0.0.1:1/', \(option)='a\\nb')", [:])
        Issue.record("a line break in `\(option)` was sent")
      } catch {
        #expect(error.message == "a control character can't be part of a request")
      }
    }
  }
}
