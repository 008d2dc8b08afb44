package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Tells whether the host holds an address, such as a virtual IP.
package struct VIPModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "vip", summary: "Tells whether the host holds an address; waits for that on demand.",
    notes: ["Asked anew each time, for an address can move at any moment."],
    arguments: [
      ArgumentSpecification("address", .string, "The address, without prefix.", isRequired: true),
      ArgumentSpecification(
        "state", .string, "Wait until the host holds it, or doesn't.",
        choices: ["held", "free"]),
      ArgumentSpecification(
        "timeout", .duration, "Seconds to wait at the most.", default: 60),
    ],
    results: [
      ("held", "Whether the host holds it."), ("address", "The address."),
      ("interface", "The interface that has it; empty where the host doesn't hold it."),
    ],
    example: """
      - name: Who holds the virtual IP?
        orchestrate.vip:
          address: "{{ vip }}"
        register: virtual_ip
      """)

  private let address: String
  private let wanted: Bool?
  private let timeout: Int

  package init(_ arguments: Arguments) throws(ArgumentError) {
    let given = try arguments.requiredString("address").trimmed
    address = given.split(separator: "/").first.map { $0.lowercased() } ?? ""
    let isAddress = !address.isEmpty && address.allSatisfy { $0.isHexDigit || ".:".contains($0) }
    if !isAddress {
      throw ArgumentError(argument: "address", "`\(given)` is no IP address")
    }
    wanted = try arguments.string("state").map { $0 == "held" }
    timeout = try arguments.integer("timeout") ?? 60
  }

  package var probe: Probe<String?> {
    let question = Question(
      script: "ip -o addr show", about: [.address(address)], isObserved: true)
    let address = address
    return Probe(
      Query<String?>(question) { (output) throws(HostError) in
        if output.status != 0 {
          throw HostError(.probeFailed, "can't ask for addresses: \(output.complaint)")
        }
        return Self.interface(of: address, in: output.text)
      })
  }

  /// Reads lines like `2: eth0    inet 192.0.2.1/24 brd … scope global eth0\…`.
  private static func interface(of address: String, in text: String) -> String? {
    for line in text.split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
      guard words.count >= 4, words[2] == "inet" || words[2] == "inet6" else { continue }
      if words[3].split(separator: "/").first?.lowercased() == address { return words[1] }
    }
    return nil
  }

  package var waiting: Waiting? {
    wanted == nil ? nil : Waiting(timeout: .seconds(timeout), interval: .milliseconds(500))
  }

  package func diff(from current: String?) -> Change {
    let result: OrderedDictionary<String, Value> = [
      "held": .bool(current != nil), "address": .string(address),
      "interface": .string(current ?? ""),
    ]
    if let wanted, wanted != (current != nil) {
      return Change(
        result: result,
        waitsFor: wanted ? "the host to hold \(address)" : "the host to give up \(address)")
    }
    return .satisfied(result)
  }
}
