import Foundation
import Values

/// The server of a case file: pages on loopback, one connection after the other, each in a thread.
///
/// It ends with the process' listening socket, which `stop` closes.
final class CaseServer: Sendable {
  let port: Int
  private let socket: Int32

  init(_ pages: Value) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = self.socket
    let isListening = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && listen(socket, 16) == 0
          && getsockname(socket, $0, &length) == 0
      }
    }
    guard isListening else { throw POSIXError(.EADDRINUSE) }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread {
      while true {
        let connection = accept(socket, nil, nil)
        if connection < 0 { return }
        Thread.detachNewThread { Self.answer(connection, pages) }
      }
    }
  }

  func stop() {
    shutdown(socket, Int32(SHUT_RDWR))
    close(socket)
  }

  private static func answer(_ connection: Int32, _ pages: Value) {
    defer { close(connection) }
    let lines = request(connection)
    let words = (lines.first ?? "").split(separator: " ").map(String.init)
    guard words.count == 3 else { return }
    let page = pages[words[1]] ?? ["status": 404, "reason": "Not Found"]
    let told = lines.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return parts[0].lowercased() + ": " + (parts.last ?? "").drop(while: \.isWhitespace)
    }
    // Whoever asks for this page doesn't wait for it: it ends when they go.
    if page["hangs"] == true { _ = request(connection) }
    var status = page["status"]?.description ?? "200"
    var reason = page["reason"]?.description ?? reasons[status] ?? ""
    var headers: [String] = []
    if case .dict(let given)? = page["headers"] { headers = given.map { "\($0.key): \($0.value)" } }
    if page["asks"] == true, !told.contains(where: { $0.hasPrefix("authorization:") }) {
      (status, reason) = ("401", "Unauthorized")
      headers.append("WWW-Authenticate: Basic realm=\"case\"")
    }
    let echo = ([words[0]] + told.sorted()).joined(separator: "\n")
    let body = page["echo"] == true ? echo : page["body"]?.description ?? ""
    let head =
      ["HTTP/1.0 \(status) \(reason)"] + headers + ["Content-Length: \(body.utf8.count)", "", ""]
    let answer = Array((head.joined(separator: "\r\n") + body).utf8)
    _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
  }

  private static let reasons = [
    "200": "OK", "204": "No Content", "302": "Found", "307": "Temporary Redirect",
    "500": "Internal Server Error",
  ]

  /// The lines of a request's head; nothing where the other side goes.
  private static func request(_ connection: Int32) -> [String] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
      let count = recv(connection, &piece, piece.count, 0)
      if count <= 0 { return [] }
      bytes += piece[..<count]
    }
    let head = String(decoding: bytes, as: UTF8.self)
    return head.components(separatedBy: "\r\n").filter { !$0.isEmpty }
  }
}
