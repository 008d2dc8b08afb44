package import OrderedCollections

/// A value of the playbook language: what YAML holds, what Jinja2 computes, what a module returns.
///
/// A value never holds a template, so what a host says can't be evaluated.
/// `==` compares structure, dictionaries in order; Python's `==` is Templates' business.
package enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case list([Value])
  /// Python's tuple. It lives inside of templates: what leaves them is a list.
  case tuple([Value])
  case dict(OrderedDictionary<Value, Value>)
  /// Only `apply` can tell.
  case unknown(Unknown)
  /// Never nested, never without marks: made by `marked(_:)` alone.
  indirect case marked(Value, Marks)
}

/// Why a value isn't known in a plan.
package struct Unknown: Hashable, Sendable {
  /// The task that will tell, by its name.
  package var origin: String

  package init(origin: String) { self.origin = origin }
}

/// What is known of a value beside its content.
package struct Marks: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Nothing is known. An empty literal would be made by the standard library's generic code.
  package static let none = Marks(rawValue: UInt8.min)
  /// Must not be shown, logged or stored.
  package static let secret = Marks(rawValue: 1)
  /// Text that needs no escaping in HTML, such as MarkupSafe's `Markup`.
  package static let markup = Marks(rawValue: 2)
}

extension Value {
  /// A dictionary with text keys, in this order.
  package static func object(_ pairs: OrderedDictionary<String, Value>) -> Value {
    var dict = OrderedDictionary<Value, Value>(minimumCapacity: pairs.count)
    for (key, value) in pairs { dict[.string(key)] = value }
    return .dict(dict)
  }

  /// A list of texts.
  package static func strings(_ texts: some Sequence<String>) -> Value {
    .list(texts.map { .string($0) })
  }

  /// The entry under a text key; nil where this is no dictionary or has no such key.
  ///
  /// Looks through marks and keeps them on what it finds.
  package subscript(key: String) -> Value? {
    switch self {
    case .dict(let dict): dict[.string(key)]
    case .marked(let inner, let marks): inner[key]?.marked(marks)
    default: nil
    }
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .int(value) }
  package init(arrayLiteral elements: Value...) { self = .list(elements) }
  package init(dictionaryLiteral elements: (Value, Value)...) {
    self = .dict(OrderedDictionary(elements, uniquingKeysWith: { $1 }))
  }
  package init(nilLiteral: ()) { self = .null }
}
