internal import Values

/// `ansible.utils.ipaddr` and its kin: filters that answer about addresses.
enum AddressFilters {
  static let all: [LibraryFunction] =
    [
      filter("ipaddr", version: nil), filter("ipv4", version: 4), filter("ipv6", version: 6),
      LibraryFunction(
        "ipwrap", "query?", "version?", "alias?",
        whole: { (call) throws(TemplateError) in
          guard let items = call.input.sequence else {
            guard call.input.isText else { throw call.unrecognizedType }
            return AddressQuery(call.input, version: nil).map { (try? $0.answer("wrap")) ?? .null }
              ?? call.input
          }
          return .list(
            items.map { item in
              AddressQuery(item, version: nil).flatMap { try? $0.answer("wrap") } ?? item
            })
        }),
      LibraryFunction(
        "ipmath", "amount",
        whole: { (call) throws(TemplateError) in
          let network = try call.address()
          guard let amount = call.integer("amount") else {
            throw call.failure(
              "\(PythonText.repr(call.value("amount"))) cannot be converted to an int")
          }
          guard let found = network.adding(amount) else {
            throw call.failure("result outside valid IP address boundary!")
          }
          return .string(network.text(of: found))
        }),
      LibraryFunction(
        "nthhost", "query?",
        whole: { (call) throws(TemplateError) in
          guard let network = IPNetwork(call.text), let number = call.integer("query") else {
            return false
          }
          if let host = network.element(number) { return .string(network.text(of: host)) }
          if number >= 0 { return false }
          throw call.failure("index out range for address range size!")
        }),
      LibraryFunction(
        "ip4_hex", "delimiter?",
        whole: { (call) throws(TemplateError) in
          let address = try call.address().address
          let digits = [24, 16, 8, 0].map { shift in
            let byte = String(address >> UInt128(shift) & 255, radix: 16)
            return byte.utf8.count == 1 ? "0" + byte : byte
          }
          return .string(digits.joined(separator: call.text("delimiter") ?? ""))
        }),
      LibraryFunction(
        "ipv6form", "format",
        whole: { (call) throws(TemplateError) in
          let network = try call.address()
          if network.version == 4 { return .string(network.text) }
          switch call.text("format") ?? "" {
          case "compress": return .string(network.text)
          case "expand":
            return .string(IPAddressText.expanded(network.address, isPadded: true))
          case "x509": return .string(IPAddressText.expanded(network.address, isPadded: false))
          case let other:
            throw call.failure(
              "value of format must be one of: compress, expand, x509, got: \(other)")
          }
        }),
    ] + [neighbour("next_nth_usable", 1), neighbour("previous_nth_usable", -1)]

  private static func filter(_ name: String, version: Int?) -> LibraryFunction {
    LibraryFunction(
      name, "query?", "version?", "alias?",
      whole: { (call) throws(TemplateError) in
        let version = try call.int("version") ?? version
        let query = call.text("query") ?? ""
        func answer(_ item: Value) throws(TemplateError) -> Value? {
          guard let asked = AddressQuery(item, version: version) else { return nil }
          return query.isEmpty ? asked.standard : try asked.answer(query)
        }
        switch call.input {
        case .list(let items), .tuple(let items):
          var found: [Value] = []
          for item in items {
            // Lists in lists go through as they are.
            if case .list = item { found.append(item) }
            if let answer = try answer(item), answer.isTruthy { found.append(answer) }
          }
          return .list(found)
        case .string, .int, .bool: return try answer(call.input) ?? false
        default: throw call.unrecognizedType
        }
      })
  }

  private static func neighbour(_ name: String, _ direction: Int) -> LibraryFunction {
    LibraryFunction(
      name, "offset?",
      whole: { (call) throws(TemplateError) in
        guard let network = IPNetwork(call.text) else { return false }
        guard let offset = call["offset"]?.pythonInt else {
          throw call.failure("Must pass in an integer")
        }
        return network.usable(after: offset * direction).map { .string(network.text(of: $0)) }
          ?? .null
      })
  }
}

extension Call {
  /// The input as an address.
  func address() throws(TemplateError) -> IPNetwork {
    if let network = IPNetwork(text) { return network }
    throw failure("You must pass a valid IP address; \(text) is invalid")
  }

  /// An argument as an integer, be it text; nil where it is none.
  func integer(_ name: String) -> Int? {
    guard let value = self[name] else { return nil }
    return value.pythonInt ?? value.text.flatMap { Int($0) }
  }

  var unrecognizedType: TemplateError {
    failure(
      "Unrecognized type <<class '\(input.pythonTypeName)'>> for \(function.name) filter <value>")
  }
}
