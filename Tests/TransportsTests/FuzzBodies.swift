import Hosts

@testable import Transports

/// What must hold of any bytes, for Scripts/fuzz-transports and for what it has found.
enum FuzzBodies {
  /// However a stream is cut into pieces, the same is found in it; nothing is lost.
  static func frames(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let mark = "MARK "
    // `~` stands for the mark: so it's met often.
    let stream = bytes.dropFirst().flatMap {
      $0 == UInt8(ascii: "~") ? Array("\n\(mark)".utf8) : [$0]
    }
    let limit = first & 1 == 0 ? Int.max : Int(first)
    var whole = FrameScanner(mark: mark, limit: limit)
    whole.append(stream)
    var cut = FrameScanner(mark: mark, limit: limit)
    var index = 0
    var step = Int(first >> 1) % 7 + 1
    while index < stream.count {
      let end = min(index + step, stream.count)
      cut.append(Array(stream[index..<end]))
      index = end
      step = step % 11 + 1
    }
    precondition(whole.isComplete == cut.isComplete)
    precondition(whole.trailer == cut.trailer)
    precondition(whole.rest == cut.rest)
    precondition(Array(whole.body) == Array(cut.body))
    precondition(whole.body.count <= limit)
    guard let trailer = whole.trailer, limit == .max else { return }
    // What was no UTF-8 can't be put together again.
    guard !trailer.unicodeScalars.contains("\u{fffd}") else { return }
    let again = Array(whole.body) + Array("\n\(mark)\(trailer)\n".utf8) + whole.rest
    precondition(again == stream)
  }

  /// A file that anybody may have written: no crash, and what is added is found again.
  static func knownHosts(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let file = KnownHosts(text, file: "fuzzed")
    let key = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 1, 7]
    for (host, port) in [("host.example", 22), ("::1", 2201)] {
      let verdict = file.verdict(on: key, of: host, port: port)
      _ = file.keyTypes(of: host, port: port)
      _ = file.hasAuthority(for: host, port: port)
      for isHashed in [false, true] {
        let line = KnownHosts.line(for: key, of: host, port: port, hashed: isHashed)
        let more = KnownHosts(text + "\n" + line + "\n", file: "fuzzed").verdict(
          on: key, of: host, port: port)
        if case .revoked = verdict { continue }
        precondition(more == .known)
      }
    }
    _ = KnownHosts.isListed(key, in: text)
  }

  /// A configuration: no crash and an end, whatever it says; nothing is run, no other file read.
  static func configuration(_ bytes: [UInt8]) {
    let files = SSHConfigFiles(
      content: { path in
        path == "/self" ? .success(bytes) : .failure(LocalFileError(path: path, number: 2))
      }, search: { $0.hasSuffix("elf") ? ["/self"] : [] })
    let person = SSHPerson(name: "me", home: "/home/me")
    for host in ["host", "a.example.org"] {
      var walk = SSHConfigWalk(SSHOptions(host: host), files: files, person: person)
      walk.runs = { command, _ in command.count % 2 == 0 }
      guard (try? walk.run([SSHConfigFiles.Source(path: "/self", folder: "/")])) != nil else {
        continue
      }
      _ = try? walk.options.resolvedHostName()
      guard let tokens = try? walk.options.tokens(person) else { continue }
      for text in (walk.options.identityFiles ?? []) + [walk.options.proxyCommand ?? ""] {
        _ = try? tokens.expand(text, "fuzzed")
      }
      for jump in (walk.options.proxyJump ?? "").split(separator: ",") {
        _ = JumpHost(String(jump))
      }
    }
    _ = SSHConfigLine.arguments(of: String(decoding: bytes, as: UTF8.self))
  }
}
