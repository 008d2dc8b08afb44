internal import CYaml
internal import Diagnostics

/// What libyaml tells of a text, one piece after another.
final class YAMLEvents {
  /// One piece of a YAML text.
  struct Event {
    enum Kind {
      case streamEnd
      case documentStart
      case alias(String)
      case scalar(text: String, style: ScalarStyle)
      case sequenceStart
      case mappingStart
      /// The end of a sequence, a mapping or a document.
      case end
    }

    var kind: Kind
    /// Nil where the text gives no tag, and for `!` alone.
    var tag: String?
    var anchor: String?
    var start: SourcePosition
    var end: SourcePosition
  }

  enum ScalarStyle {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  /// What libyaml complains about.
  struct Problem: Error {
    var message: String
    var position: SourcePosition
    /// What it was at, and where that began.
    var context: (text: String, position: SourcePosition)?
  }

  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  // libyaml reads from here for as long as it parses.
  private let input: UnsafeMutableBufferPointer<UInt8>

  init(_ text: String) {
    let bytes = Array(text.utf8)
    input = .allocate(capacity: max(1, bytes.count))
    _ = input.initialize(from: bytes)
    parser.initialize(to: yaml_parser_t())
    yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deinitialize(count: 1)
    parser.deallocate()
    input.deallocate()
  }

  /// The next piece; `streamEnd` is the last.
  func next() throws(Problem) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw problem }
    defer { yaml_event_delete(&event) }
    switch event.type {
    case YAML_STREAM_START_EVENT: return try next()
    case YAML_DOCUMENT_START_EVENT: return Event(.documentStart, event)
    case YAML_ALIAS_EVENT: return Event(.alias(text(event.data.alias.anchor) ?? ""), event)
    case YAML_SCALAR_EVENT: return scalar(event)
    case YAML_SEQUENCE_START_EVENT:
      let data = event.data.sequence_start
      return Event(.sequenceStart, event, tag: text(data.tag), anchor: text(data.anchor))
    case YAML_MAPPING_START_EVENT:
      let data = event.data.mapping_start
      return Event(.mappingStart, event, tag: text(data.tag), anchor: text(data.anchor))
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT, YAML_DOCUMENT_END_EVENT:
      return Event(.end, event)
    default: return Event(.streamEnd, event)
    }
  }

  private func scalar(_ event: yaml_event_t) -> Event {
    let data = event.data.scalar
    let bytes = UnsafeBufferPointer(start: data.value, count: data.length)
    let style: ScalarStyle =
      switch data.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: .literal
      case YAML_FOLDED_SCALAR_STYLE: .folded
      default: .plain
      }
    return Event(
      .scalar(text: String(decoding: bytes, as: UTF8.self), style: style), event,
      tag: text(data.tag), anchor: text(data.anchor))
  }

  private var problem: Problem {
    let raw = parser.pointee
    let message = raw.problem.map { String(cString: $0) } ?? "not enough memory"
    if raw.error == YAML_READER_ERROR {
      return Problem(message: message, position: position(ofByte: Int(raw.problem_offset)))
    }
    let context = raw.context.map {
      (text: String(cString: $0), position: SourcePosition(raw.context_mark))
    }
    return Problem(
      message: message, position: SourcePosition(raw.problem_mark), context: context)
  }

  private func position(ofByte offset: Int) -> SourcePosition {
    var position = SourcePosition(line: 1, column: 1)
    for byte in input.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        position = SourcePosition(line: position.line + 1, column: 1)
      } else if byte & 0xC0 != 0x80 {
        position.column += 1
      }
    }
    return position
  }

  private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}

extension YAMLEvents.Event {
  fileprivate init(
    _ kind: Kind, _ event: yaml_event_t, tag: String? = nil, anchor: String? = nil
  ) {
    self.kind = kind
    self.tag = tag == "!" ? nil : tag
    self.anchor = anchor
    start = SourcePosition(event.start_mark)
    end = SourcePosition(event.end_mark)
  }
}

extension SourcePosition {
  /// libyaml counts from 0, columns in Unicode scalars.
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}
