/// The end of a certificate's time, read from its DER.
///
/// RFC 5280, 4.1: `Certificate { TBSCertificate { [0] version?, serial, signature, issuer,
/// Validity { notBefore, notAfter }, … } … }`.
enum CertificateValidity {
  /// Seconds since 1970; nil where the bytes are no certificate.
  static func end(ofDER bytes: [UInt8]) -> Int? {
    guard let certificate = element(bytes[...]), certificate.tag == 0x30,
      let body = element(certificate.content), body.tag == 0x30
    else { return nil }
    var fields = elements(body.content)
    if fields.first?.tag == 0xA0 { fields.removeFirst() }
    guard fields.count > 3, fields[3].tag == 0x30 else { return nil }
    let times = elements(fields[3].content)
    guard times.count == 2 else { return nil }
    return seconds(String(decoding: times[1].content, as: UTF8.self), isShort: times[1].tag == 0x17)
  }

  private struct Element {
    var tag: UInt8
    var content: ArraySlice<UInt8>
  }

  private static func element(_ bytes: ArraySlice<UInt8>) -> Element? {
    guard bytes.count >= 2 else { return nil }
    var index = bytes.startIndex + 2
    var length = Int(bytes[index - 1])
    if length > 0x80 {
      let count = length - 0x80
      guard count <= 4, bytes.endIndex - index >= count else { return nil }
      length = bytes[index..<(index + count)].reduce(0) { $0 << 8 | Int($1) }
      index += count
    }
    guard bytes.endIndex - index >= length else { return nil }
    return Element(tag: bytes[bytes.startIndex], content: bytes[index..<(index + length)])
  }

  private static func elements(_ bytes: ArraySlice<UInt8>) -> [Element] {
    var rest = bytes
    var found: [Element] = []
    while let next = element(rest) {
      found.append(next)
      rest = rest[next.content.endIndex...]
    }
    return found
  }

  /// `YYMMDDHHMMSSZ` (years before 50 are in this century) or `YYYYMMDDHHMMSSZ`.
  private static func seconds(_ text: String, isShort: Bool) -> Int? {
    let digits = text.dropLast().compactMap(\.wholeNumberValue)
    guard text.last == "Z", digits.count == (isShort ? 12 : 14) else { return nil }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
    let yearDigits = isShort ? 2 : 4
    var year = number(0..<yearDigits)
    if isShort { year += year < 50 ? 2000 : 1900 }
    let pairs = stride(from: yearDigits, to: digits.count, by: 2).map { number($0..<($0 + 2)) }
    return days(year, pairs[0], pairs[1]) * 86_400 + pairs[2] * 3_600 + pairs[3] * 60 + pairs[4]
  }

  /// Days from 1970-01-01, by Howard Hinnant's `days_from_civil`.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
