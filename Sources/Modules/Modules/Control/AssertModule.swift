package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Fails where a condition doesn't hold.
package struct AssertModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "assert", summary: "Fails where a condition doesn't hold.",
    arguments: [
      ArgumentSpecification("that", .list, "Conditions, as `when` has them.", isRequired: true),
      ArgumentSpecification(
        "fail_msg", .any, "What to say where one doesn't hold.", aliases: ["msg"]),
      ArgumentSpecification(
        "success_msg", .any, "What to say where all hold.", default: "All assertions passed"),
      ArgumentSpecification("quiet", .boolean, "Don't show the conditions.", default: false),
    ],
    results: [
      ("assertion", "The condition that doesn't hold."),
      ("evaluated_to", "What it came to."), ("msg", "What is said."),
    ],
    example: """
      - name: Refuse an even number of control planes
        ansible.builtin.assert:
          that: groups['planes_all'] | length is odd
          fail_msg: etcd needs an odd number of control planes
      """, isControllerOnly: true)

  /// The first condition that doesn't hold.
  private let broken: Value?
  private let failureMessage: String
  private let successMessage: String

  /// `that` comes evaluated: a list of `{condition: TEXT, holds: true or false}`.
  package init(_ arguments: Arguments) throws(ArgumentError) {
    guard case .list(let conditions)? = arguments.value("that")?.unmarked() else {
      throw arguments.mismatch("that", "a list of conditions")
    }
    let failed = conditions.first { (condition: Value) -> Bool in
      condition["holds"]?.unmarked() != Value.bool(true)
    }
    broken = failed.map { $0["condition"] ?? $0 }
    failureMessage = Self.words(arguments.value("fail_msg")) ?? "Assertion failed"
    successMessage = Self.words(arguments.value("success_msg")) ?? "All assertions passed"
  }

  private static func words(_ value: Value?) -> String? {
    if case .list(let lines)? = value?.unmarked() {
      return lines.map(\.description).joined(separator: "\n")
    }
    return value?.description
  }

  package var probe: Probe<Void> { Probe(()) }

  package func diff(from current: Void) -> Change {
    guard let broken else { return .satisfied(["msg": .string(successMessage)]) }
    return .failed(
      failureMessage,
      result: ["assertion": broken, "evaluated_to": false, "msg": .string(failureMessage)])
  }
}
