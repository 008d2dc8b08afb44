internal import OrderedCollections
package import Values

extension Value {
  /// Truth as Python has it: empty, zero and none are false.
  package var isTruthy: Bool {
    switch self {
    case .null: false
    case .bool(let flag): flag
    case .int(let number): number != 0
    case .float(let number): number != 0
    case .string(let text): !text.isEmpty
    case .list(let items), .tuple(let items): !items.isEmpty
    case .dict(let dict): !dict.isEmpty
    case .unknown: false
    case .marked(let inner, _): inner.isTruthy
    }
  }
}

extension Value {
  /// Whether this is data that holds nothing else, unmarked and known.
  var isScalar: Bool {
    switch self {
    case .null, .bool, .int, .float, .string: true
    case .list, .tuple, .dict, .unknown, .marked: false
    }
  }
}
