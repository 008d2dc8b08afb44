internal import Cryptography
internal import Values

/// An address of Ethernet: six bytes, or the eight of EUI-64.
struct HardwareAddress {
  let bytes: [UInt8]

  var count: Int { bytes.count }

  /// Any of the usual forms, with `:`, `-` or `.` between pairs, fours, sixes, or none; a number.
  init?(_ value: Value) {
    if case .int(let number) = value {
      guard (0..<(1 << 48)).contains(number) else { return nil }
      bytes = (0..<6).map { UInt8(truncatingIfNeeded: number >> (40 - 8 * $0)) }
      return
    }
    guard case .string(let text) = value else { return nil }
    let parts = text.split(omittingEmptySubsequences: false) { ":-.".contains($0) }
    let width: Int
    switch parts.count {
    case 8, 6: width = 2
    case 3, 4: width = 4
    case 2: width = 6
    case 1: width = text.utf8.count == 16 ? 16 : 12
    default: return nil
    }
    var digits = ""
    for part in parts {
      guard (parts.count == 1 ? width : 1)...width ~= part.utf8.count else { return nil }
      digits += String(repeating: "0", count: width - part.utf8.count) + part
    }
    guard let bytes = Hexadecimal.decode(digits) else { return nil }
    self.bytes = bytes
  }

  private func hex(_ byte: UInt8) -> String { Hexadecimal.encode([byte]) }

  private func joined(_ separator: String, every size: Int) -> String {
    stride(from: 0, to: bytes.count, by: size).map { start in
      bytes[start..<min(start + size, bytes.count)].map(hex).joined()
    }.joined(separator: separator)
  }

  /// The address in the form that a query names; nil where there is none of that name.
  func answer(_ query: String, as written: Value) -> Value? {
    switch query {
    case "": written
    case "bare": .string(joined("", every: 1).uppercased())
    case "bool": true
    case "int": .int(bytes.reduce(0) { $0 << 8 | Int($1) })
    case "cisco": .string(joined(".", every: 2))
    case "linux": .string(joined(":", every: 1))
    case "unix": .string(bytes.map { String($0, radix: 16) }.joined(separator: ":"))
    case "win", "eui48": .string(joined("-", every: 1).uppercased())
    case "pgsql", "postgresql", "psql": .string(joined(":", every: 3))
    default: nil
    }
  }
}

/// Filters of hardware addresses.
enum HardwareAddressFilters {
  static let all = [filter("hwaddr"), filter("macaddr")]

  private static func filter(_ name: String) -> LibraryFunction {
    LibraryFunction(
      name, "query?", "alias?",
      whole: { (call) throws(TemplateError) in
        let query = call.text("query") ?? ""
        guard let address = HardwareAddress(call.input) else {
          if query.isEmpty || query == "bool" { return .null }
          throw call.failure("\(name): not a hardware address: \(call.text)")
        }
        if address.count != 6, !query.isEmpty, query != "bool" {
          throw call.failure("\(name): \(call.text) has \(address.count) bytes, not 6")
        }
        guard let answer = address.answer(query, as: call.input) else {
          throw call.failure("\(name): unknown filter type: \(query)")
        }
        return answer
      })
  }
}
