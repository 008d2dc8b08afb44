internal import CPCRE2

/// A pattern as PCRE2 compiled it.
///
/// Unchecked, for PCRE2 never writes to compiled code: "thread-safe once compiled" (pcre2api).
final class CompiledPattern: @unchecked Sendable {
  /// About a second of work on an ordinary machine; PCRE2's own limit is ten million.
  private static let matchLimit: UInt32 = 4_000_000
  /// In KiB.
  private static let heapLimit: UInt32 = 64 * 1024

  private let code: OpaquePointer
  let groupCount: Int
  let groupNumbers: [String: Int]

  init(
    _ pattern: String, _ options: RegularExpression.Options
  ) throws(RegularExpressionError) {
    var flags = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C
    if options.contains(.ignoreCase) { flags |= PCRE2_CASELESS }
    if options.contains(.multiline) { flags |= PCRE2_MULTILINE }
    if options.contains(.dotAll) { flags |= PCRE2_DOTALL }
    let context = pcre2_compile_context_create_8(nil)
    defer { pcre2_compile_context_free_8(context) }
    pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
    var failure: Int32 = 0
    var offset = 0
    let bytes = Array(pattern.utf8)
    guard let code = pcre2_compile_8(bytes, bytes.count, flags, &failure, &offset, context) else {
      throw RegularExpressionError(.pattern, Self.message(failure), offset: offset)
    }
    self.code = code
    var count: UInt32 = 0
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
    groupCount = Int(count)
    groupNumbers = Self.names(of: code)
  }

  deinit { pcre2_code_free_8(code) }

  func match(
    _ subject: Subject, from start: Int, _ options: UInt32 = 0
  ) throws(RegularExpressionError) -> RegularExpression.Match? {
    let data = pcre2_match_data_create_from_pattern_8(code, nil)
    defer { pcre2_match_data_free_8(data) }
    let context = pcre2_match_context_create_8(nil)
    defer { pcre2_match_context_free_8(context) }
    pcre2_set_match_limit_8(context, Self.matchLimit)
    pcre2_set_heap_limit_8(context, Self.heapLimit)
    // The text is a `String`: it is UTF-8, no need to look again.
    let result = pcre2_match_8(
      code, subject.bytes, subject.bytes.count, start, options | PCRE2_NO_UTF_CHECK, data, context)
    switch result {
    case PCRE2_ERROR_NOMATCH: return nil
    case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT:
      throw RegularExpressionError(
        .limit, "the regular expression needs too many steps on this text")
    case ..<0: throw RegularExpressionError(.limit, Self.message(result))
    default: break
    }
    guard let vector = pcre2_get_ovector_pointer_8(data) else { return nil }
    var offsets: [Range<Int>?] = []
    for group in 0...groupCount {
      let (low, high) = (vector[2 * group], vector[2 * group + 1])
      // PCRE2_UNSET is the greatest size_t; `\K` can put the start behind the end.
      offsets.append(low == Int(bitPattern: UInt.max) || low < 0 ? nil : low..<max(low, high))
    }
    return RegularExpression.Match(
      text: subject.text, offsets: offsets, groupNumbers: groupNumbers)
  }

  private static func message(_ failure: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(failure, &buffer, buffer.count)
    return String(decoding: buffer.prefix(Int(max(0, length))), as: UTF8.self)
  }

  private static func names(of code: OpaquePointer) -> [String: Int] {
    var count: UInt32 = 0
    var size: UInt32 = 0
    var table: UnsafePointer<UInt8>?
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    var names: [String: Int] = [:]
    guard let table else { return names }
    for index in 0..<Int(count) {
      // Each entry is a number of two bytes, then the name, ended by a zero.
      let entry = table + index * Int(size)
      names[String(cString: entry + 2)] = Int(entry[0]) << 8 | Int(entry[1])
    }
    return names
  }
}
