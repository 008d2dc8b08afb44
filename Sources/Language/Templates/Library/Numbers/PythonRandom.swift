internal import Cryptography
internal import Values

/// Python's `random.Random`: the Mersenne Twister MT19937, seeded as Python seeds it.
///
/// People keep what a seed gave them, such as a minute of the hour for each host.
struct PythonRandom {
  private var state = [UInt32](repeating: 0, count: 624)
  private var position = 624
  /// Without a seed nobody can guess the numbers.
  private var system: SystemRandomNumberGenerator?

  init(seed: Value?) {
    switch seed ?? .null {
    case .null: system = SystemRandomNumberGenerator()
    case .string(let text):
      let bytes = Array(text.utf8)
      initialize(by: Self.words(bytes + SHA512.hash(bytes)))
    case .float(let number): initialize(by: Self.words(of: Self.hash(number)))
    case let other:
      let number = other.pythonInt.map { UInt64($0.magnitude) }
      initialize(by: Self.words(of: number ?? 0))
    }
  }

  /// A large number's words of 32 bits, the lowest first; its bytes come with the highest first.
  private static func words(_ bytes: [UInt8]) -> [UInt32] {
    var words: [UInt32] = []
    var end = bytes.count
    while end > 0 {
      let start = max(0, end - 4)
      words.append(bytes[start..<end].reduce(0) { $0 << 8 | UInt32($1) })
      end = start
    }
    while words.count > 1, words.last == 0 { words.removeLast() }
    return words
  }

  private static func words(of number: UInt64) -> [UInt32] {
    let (low, high) = (UInt32(truncatingIfNeeded: number), UInt32(number >> 32))
    return high == 0 ? [low] : [low, high]
  }

  /// Python's hash of a number that may not be whole: it modulo the prime 2⁶¹-1.
  private static func hash(_ number: Double) -> UInt64 {
    guard number.isFinite else { return number.isNaN ? 0 : number > 0 ? 314_159 : ~314_159 + 1 }
    let prime: UInt64 = (1 << 61) - 1
    var mantissa = number == 0 ? 0 : number.significand.magnitude / 2
    var exponent = number == 0 ? 0 : Int(number.exponent) + 1
    var hash: UInt64 = 0
    while mantissa != 0 {
      hash = ((hash << 28) & prime) | hash >> (61 - 28)
      mantissa *= 268_435_456
      exponent -= 28
      let whole = mantissa.rounded(.down)
      mantissa -= whole
      hash += UInt64(whole)
      if hash >= prime { hash -= prime }
    }
    let shift = UInt64(((exponent % 61) + 61) % 61)
    if shift > 0 { hash = ((hash << shift) & prime) | hash >> (61 - shift) }
    return number < 0 ? ~hash &+ 1 : hash
  }

  private mutating func initialize(by key: [UInt32]) {
    state[0] = 19_650_218
    for index in 1..<624 {
      let last = state[index - 1]
      state[index] = 1_812_433_253 &* (last ^ last >> 30) &+ UInt32(index)
    }
    var (index, part) = (1, 0)
    func step(_ index: inout Int, _ state: inout [UInt32]) {
      index += 1
      if index >= 624 {
        state[0] = state[623]
        index = 1
      }
    }
    for _ in 0..<max(624, key.count) {
      let last = state[index - 1]
      state[index] =
        (state[index] ^ (last ^ last >> 30) &* 1_664_525) &+ key[part] &+ UInt32(part)
      step(&index, &state)
      part = (part + 1) % key.count
    }
    for _ in 0..<623 {
      let last = state[index - 1]
      state[index] = (state[index] ^ (last ^ last >> 30) &* 1_566_083_941) &- UInt32(index)
      step(&index, &state)
    }
    state[0] = 0x8000_0000
  }

  private mutating func next() -> UInt32 {
    if position >= 624 {
      for index in 0..<624 {
        let bits = state[index] & 0x8000_0000 | state[(index + 1) % 624] & 0x7FFF_FFFF
        state[index] =
          state[(index + 397) % 624] ^ bits >> 1 ^ (bits & 1 == 1 ? 0x9908_B0DF : 0)
      }
      position = 0
    }
    var word = state[position]
    position += 1
    word ^= word >> 11
    word ^= word << 7 & 0x9D2C_5680
    word ^= word << 15 & 0xEFC6_0000
    return word ^ word >> 18
  }

  /// A number below `count`, which is above 0, by as many bits as it has.
  mutating func below(_ count: Int) -> Int {
    if var generator = system {
      defer { system = generator }
      return Int.random(in: 0..<count, using: &generator)
    }
    let bits = Int.bitWidth - count.leadingZeroBitCount
    while true {
      var number: UInt64
      if bits <= 32 {
        number = UInt64(next() >> UInt32(32 - bits))
      } else {
        number = UInt64(next())
        number |= UInt64(next() >> UInt32(64 - bits)) << 32
      }
      if number < UInt64(count) { return Int(number) }
    }
  }

  /// The items in another order.
  mutating func shuffled(_ items: [Value]) -> [Value] {
    var items = items
    for index in stride(from: items.count - 1, to: 0, by: -1) {
      items.swapAt(index, below(index + 1))
    }
    return items
  }
}

/// Filters that choose by chance, or as a seed decides.
enum RandomFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "random",
      operands: { (call) throws(TemplateError) in
        // For plain Jinja2 an item of an empty list is undefined.
        if !call.evaluator.dialect.isAnsible, case .value(let value) = call.input,
          value.unmarked().pythonCount == 0
        {
          return call.evaluator.undefined("No random item, sequence was empty.", at: 0)
        }
        return try call.evaluator.apply(choice, to: call.input, call.arguments)
      }),
    LibraryFunction(
      "shuffle", "seed?",
      whole: { (call) throws(TemplateError) in
        // What is no list stays as it is, as in Ansible.
        guard let items = try? call.items() else { return call.input }
        var random = PythonRandom(seed: call["seed"])
        return .list(random.shuffled(items))
      }),
  ]

  private static let choice = LibraryFunction(
    "random", "start?", "step?", "seed?",
    whole: { (call) throws(TemplateError) in
      var random = PythonRandom(seed: call["seed"])
      if let end = call.input.pythonInt {
        let start = try call.int("start") ?? 0
        let step = try call.int("step") ?? 1
        if step == 0 { throw call.failure("zero step for randrange()") }
        let (width, overflow) = end.subtractingReportingOverflow(start)
        let count = overflow ? 0 : (width + step - step.signum()) / step
        guard count > 0 else {
          throw call.failure("empty range for randrange() (\(start), \(end), \(width))")
        }
        return .int(start + random.below(count) * step)
      }
      guard call.value("start") == .null, call.value("step") == .null else {
        throw call.failure("start and step can only be used with integer values")
      }
      guard call.input.pythonCount != nil else {
        throw call.failure("random can only be used on sequences and integers")
      }
      let items = try call.items()
      if items.isEmpty { throw call.failure("Cannot choose from an empty sequence") }
      return items[random.below(items.count)]
    })
}
