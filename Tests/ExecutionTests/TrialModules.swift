import Hosts
import ModuleKit
import Modules
import OrderedCollections
import Values

/// `thing`: a value on a host, in a subject of the test's choice.
struct ThingModule: Module {
  static let documentation = ModuleDocumentation(
    name: "thing", summary: "Sets a thing of a simulated host.",
    arguments: [
      ArgumentSpecification("name", .string, "Which.", isRequired: true),
      ArgumentSpecification("value", .string, "What it shall be; only looked at without it."),
      ArgumentSpecification("secret", .string, "Something secret.", isSecret: true),
      ArgumentSpecification("about", .string, "`package`, `unit` or `path`.", default: "path"),
      ArgumentSpecification(
        "needs", .boolean, "Fails where the thing isn't there.", default: false),
    ], example: "thing: {name: x, value: y}\n")

  private let name: String
  private let value: String?
  private let secret: String?
  private let subject: Subject
  private let needs: Bool

  init(_ arguments: Arguments) throws(ArgumentError) {
    name = try arguments.requiredString("name")
    value = try arguments.string("value")
    secret = try arguments.string("secret")
    needs = try arguments.boolean("needs") ?? false
    subject =
      switch try arguments.string("about") {
      case "package": .package(name)
      case "unit": .unit(name)
      case "url": .url(name)
      default: .path("/things/\(name)")
      }
  }

  var probe: Probe<String> {
    let question = Question(
      script: "get \(name)", about: [subject], isObserved: value == nil)
    return Probe(Query(question) { (output) throws(HostError) in output.text })
  }

  func diff(from current: String) -> Change {
    if needs, current.isEmpty { return .failed("there is no \(name)") }
    guard let value, value != current else { return .satisfied(["value": .string(current)]) }
    let action = Action(
      .run(Command("set \(name) \(value)")), touches: [subject],
      summary: "set \(name) with \(secret ?? "nothing")")
    return Change(
      differences: [
        Difference(name, .attribute(before: current, after: value + (secret ?? "")))
      ], actions: [action], reason: "\(name) differs", result: ["value": .string(value)])
  }
}

/// `act`: runs a line on a simulated host, whatever is there.
struct ActModule: Module {
  static let documentation = ModuleDocumentation(
    name: "act", summary: "Runs a line on a simulated host.",
    arguments: [ArgumentSpecification("line", .string, "Which.", isRequired: true)],
    freeForm: "line", example: "act: say x\n")

  private let line: String

  init(_ arguments: Arguments) throws(ArgumentError) {
    line = try arguments.requiredString("line")
  }

  var probe: Probe<Void> { Probe(()) }

  func diff(from current: Void) -> Change {
    Change(
      actions: [Action(.run(Command(line)), touches: [.everything], summary: line)],
      isOpaque: true
    ) { outputs in
      let output = outputs[0]
      return Completion(
        result: [
          "rc": .int(Int(output.status)), "stdout": .string(output.text),
          "stderr": .string(output.errorText),
        ], failure: output.status == 0 ? nil : "it said \(output.errorText)")
    }
  }
}

extension ModuleRegistry {
  /// The modules that ship, and those of the simulated hosts.
  static let trial: ModuleRegistry = {
    var registry = ShippedModules.registry
    registry.register(ThingModule.self)
    registry.register(ActModule.self)
    return registry
  }()
}
