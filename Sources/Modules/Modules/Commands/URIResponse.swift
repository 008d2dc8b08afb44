package import Hosts
package import OrderedCollections
package import Values

/// What a server answers.
package struct URIResponse: Hashable, Sendable {
  /// The status; -1 where there is no answer.
  package var status: Int
  /// By names in small letters with `_`, as Ansible has them.
  package var headers: OrderedDictionary<String, String>
  package var body: String
  /// Where the answer came from, after redirections.
  package var url: String
  /// `OK`, or why there is no answer.
  package var reason: String

  /// Understands what `URIRequest.script` says.
  package init(_ output: CommandOutput, to request: String) {
    status = -1
    headers = [:]
    body = ""
    url = request
    reason = output.complaint.replacing("curl: ", with: "", maxReplacements: 1)
    let bytes = output.standardOutput
    guard let mark = bytes.lastIndex(of: 1), mark > 0 else { return }
    let tail = String(decoding: bytes[(mark + 1)...], as: UTF8.self).split(separator: " ")
    guard tail.count >= 2, let code = Int(tail[0]), code > 0 else { return }
    status = code
    url = tail[1].trimmingLineEnd
    var rest = bytes[..<(mark - 1)]
    // Every answer on the way, to redirections and `100 Continue`, has a head of its own.
    while rest.starts(with: "HTTP/".utf8), let head = Self.head(&rest) {
      let lines = head.split(separator: "\n").map { String($0).trimmed }
      let words = lines[0].split(separator: " ", maxSplits: 2)
      reason = words.count > 2 ? String(words[2]) : ""
      headers = [:]
      for line in lines.dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { continue }
        let name = line[..<colon].lowercased().replacing("-", with: "_")
        headers[name] = line[line.index(after: colon)...].description.trimmed
      }
      let own = words.count > 1 ? Int(words[1]) ?? 0 : 0
      if own == status, !rest.starts(with: "HTTP/".utf8) { break }
    }
    body = String(decoding: rest, as: UTF8.self)
  }

  /// Takes the lines up to an empty one.
  private static func head(_ bytes: inout ArraySlice<UInt8>) -> String? {
    var end = bytes.startIndex
    while end < bytes.endIndex {
      if bytes[end...].starts(with: [13, 10, 13, 10]) {
        let head = String(decoding: bytes[..<end].filter { $0 != 13 }, as: UTF8.self)
        bytes = bytes[(end + 4)...]
        return head
      }
      if bytes[end...].starts(with: [10, 10]) {
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        bytes = bytes[(end + 2)...]
        return head
      }
      end += 1
    }
    return nil
  }

  /// `json` of the result, where the server says that it is that.
  package var json: Value? {
    guard let type = headers["content_type"]?.lowercased(),
      type.contains("application/json") || type.contains("+json")
    else { return nil }
    return try? Value(json: body)
  }
}

extension Substring {
  fileprivate var trimmingLineEnd: String { String(self).withoutFinalNewlines }
}
