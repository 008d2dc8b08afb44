import Hosts
import ModuleKit
import Modules
import OrderedCollections
import TestSupport
import Testing
import Values

/// Every file under `Cases`, and the laws that every module keeps.
@Suite struct ModuleCases {
  static let all = ModuleCase.all(in: CaseFolder("Cases"))
  static let registry = ShippedModules.registry

  @Test func thereAreCases() { #expect(!Self.all.isEmpty) }

  @Test(arguments: all)
  func plansAsExpected(_ testCase: ModuleCase) throws {
    let change: Change
    do {
      let module = try testCase.make(in: Self.registry)
      var host = try testCase.host
      change = try host.look(module.probe)
    } catch let error as ArgumentError {
      #expect(testCase.data["refused"]?.text == error.message)
      return
    }
    #expect(testCase.data["refused"] == nil)
    #expect(ChangePrinter().print(change) == testCase.data["expect"]?.text ?? "")
    for (key, value) in testCase.data["result"]?.entries ?? [] {
      #expect(change.result[key] == value, "result \(key)")
    }
  }

  @Test(arguments: all)
  func keepsTheLaws(_ testCase: ModuleCase) throws {
    guard testCase.data["refused"] == nil else { return }
    let module = try testCase.make(in: Self.registry)
    var host = try testCase.host
    let change = try host.look(module.probe)
    checkPurity(testCase, module, change)
    checkSecrecy(testCase, change)
    #expect(host.performed.isEmpty, "a probe did something")
    guard change.failure == nil, change.waitsFor == nil, testCase.data["plan"] != true,
      testCase.data["afterwards"] != "changes"
    else { return }
    for action in change.actions { host.perform(action) }
    var after = host
    if let given = try testCase.hostAfterwards {
      after = given
      after.files.merge(host.files) { $1 }
    }
    let again = try after.look(testCase.make(in: Self.registry).probe)
    #expect(again.isSatisfied, "not idempotent: \(ChangePrinter().print(again))")
  }

  /// The same host leads to the same change.
  private func checkPurity(_ testCase: ModuleCase, _ module: AnyModule, _ change: Change) {
    guard var host = try? testCase.host, let again = try? host.look(module.probe) else {
      Issue.record("a second look fails")
      return
    }
    #expect(ChangePrinter().print(again) == ChangePrinter().print(change))
    #expect(again.actions == change.actions)
    #expect(again.result == change.result)
  }

  /// What is secret is in nothing that people see; commands may hold it, summaries may not.
  private func checkSecrecy(_ testCase: ModuleCase, _ change: Change) {
    let shown =
      ChangePrinter().print(change) + "\(Value.object(change.result)) \(change.failure ?? "")"
    for secret in testCase.secretTexts(in: Self.registry) where !secret.isEmpty {
      #expect(!shown.contains(secret), "a secret is shown")
    }
  }
}
