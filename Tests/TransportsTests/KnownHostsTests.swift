import Cryptography
import Foundation
import Testing

@testable import Transports

@Suite struct KnownHostsTests {
  private static func key(_ type: String, _ seed: UInt8) -> [UInt8] {
    var writer = SSHWriter()
    writer.string(type)
    writer.string([UInt8](repeating: seed, count: 32))
    return writer.bytes
  }

  private static let one = key("ssh-ed25519", 1)
  private static let two = key("ssh-ed25519", 2)
  private static let rsa = key("ssh-rsa", 3)

  private static func line(_ hosts: String, _ key: [UInt8], _ marker: String = "") -> String {
    "\(marker)\(hosts) \(SSHKey.type(of: key) ?? "") \(Base64.encode(key))"
  }

  /// Names that are looked up, and lines of which OpenSSH says whether they're meant.
  private static let names: [(host: String, port: Int)] = [
    ("plain", 22), ("PLAIN", 22), ("other", 22), ("10.0.0.7", 22), ("10.0.1.7", 22),
    ("web.example.org", 22), ("bad.example.org", 22), ("example.org", 22), ("host", 2222),
    ("host", 22), ("2001:db8::1", 22), ("2001:db8::1", 2222), ("ab", 22), ("abc", 22),
  ]
  private static let patterns = [
    "plain", "other,plain", "10.0.0.*", "*.example.org,!bad.example.org", "!plain,*", "[host]:2222",
    "[host]:*", "[*]:2222", "2001:db8::1", "[2001:db8::1]:2222", "a?", "a*c", "*", "Plain",
  ]

  @Test func matchesAsOpenSSHDoes() throws {
    let folder = try TemporaryFolder()
    // A real key: ssh-keygen reads no other.
    try Program.run([
      "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder.path)/key",
    ])
    let words = try String(contentsOfFile: "\(folder.path)/key.pub", encoding: .utf8)
      .split(separator: " ")
    let key = try #require(Base64.decode(words[1]))
    let text = Self.patterns.map { "\($0) \(words[0]) \(words[1])" }.joined(separator: "\n") + "\n"
    let plain = try folder.write("plain", text)
    let hashed = try folder.write("hashed", text)
    // It hashes the names without patterns, and leaves the others.
    try Program.run(["ssh-keygen", "-q", "-H", "-f", hashed], statuses: [0, 1])
    #expect(try String(contentsOfFile: hashed, encoding: .utf8).contains("|1|"))
    for file in [plain, hashed] {
      let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
      for (host, port) in Self.names {
        let name = KnownHosts.name(host, port: port)
        let said = try Program.run(["ssh-keygen", "-F", name, "-f", file], statuses: [0, 1])
        let expected = Set(
          said.split(separator: "\n").compactMap { line in
            line.hasPrefix("# Host") ? line.split(separator: " ").last.flatMap { Int($0) } : nil
          })
        var found: Set<Int> = []
        for (index, line) in lines.enumerated() {
          // As asked for: with its port, or without it for trust alone.
          let verdict = KnownHosts(String(line), file: "f").verdict(on: key, of: name, port: 22)
          if verdict == .known { found.insert(index + 1) }
        }
        #expect(found == expected, "\(name) in \(file)")
      }
    }
  }

  @Test func keysAreToldApart() {
    let known = KnownHosts(
      """
      # a comment

      garbage
      host ssh-ed25519 not-base-64!
      \(Self.line("host", Self.one))\tcomment here
      """, file: "kh")
    #expect(known.verdict(on: Self.one, of: "host", port: 22) == .known)
    #expect(known.verdict(on: Self.two, of: "host", port: 22) == .changed(file: "kh", line: 5))
    #expect(known.verdict(on: Self.rsa, of: "host", port: 22) == .unknown)
    #expect(known.verdict(on: Self.one, of: "other", port: 22) == .unknown)
    #expect(known.keyTypes(of: "host", port: 22) == ["ssh-ed25519"])
  }

  @Test func anyOfSeveralKeysServes() {
    let known = KnownHosts(
      Self.line("host", Self.two) + "\r\n" + Self.line("*", Self.one) + "\r\n", file: "kh")
    #expect(known.verdict(on: Self.one, of: "host", port: 22) == .known)
    #expect(known.verdict(on: Self.two, of: "host", port: 22) == .known)
  }

  @Test func markersMean() {
    let known = KnownHosts(
      Self.line("host", Self.one) + "\n" + Self.line("*", Self.one, "@revoked ") + "\n"
        + Self.line("host", Self.two, "@cert-authority "), file: "kh")
    #expect(known.verdict(on: Self.one, of: "host", port: 22) == .revoked(file: "kh", line: 2))
    #expect(known.verdict(on: Self.two, of: "host", port: 22) == .changed(file: "kh", line: 1))
  }

  @Test func aLineWithoutPortServesForTrustAlone() {
    let known = KnownHosts(Self.line("host", Self.one), file: "kh")
    #expect(known.verdict(on: Self.one, of: "host", port: 2222) == .known)
    #expect(known.verdict(on: Self.two, of: "host", port: 2222) == .unknown)
  }

  @Test func writtenLinesAreRead() {
    for hashed in [false, true] {
      let line = KnownHosts.line(for: Self.one, of: "Host", port: 2222, hashed: hashed)
      let known = KnownHosts(line, file: "kh")
      #expect(known.verdict(on: Self.one, of: "host", port: 2222) == .known)
      #expect(known.verdict(on: Self.one, of: "host", port: 2223) == .unknown)
      #expect(line.contains("host") != hashed)
    }
  }

  /// Files are kept, but what is written to them counts at once.
  @Test func changedFilesAreReadAgain() throws {
    let folder = try TemporaryFolder()
    let key: [UInt8] = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 1, 7]
    let other: [UInt8] = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 1, 8]
    let files = KnownHostsFiles()
    let path = "\(folder.path)/known"
    #expect(files.hosts([path]).verdict(on: key, of: "one", port: 22) == .unknown)
    try folder.write("known", KnownHosts.line(for: key, of: "One", port: 22) + "\n")
    #expect(files.hosts([path]).verdict(on: key, of: "ONE", port: 22) == .known)
    for number in 0..<3 {
      let line = KnownHosts.line(for: key, of: "host\(number)", port: 7, hashed: number == 1)
      _ = LocalFile.append(line + "\n", to: path)
      let known = files.hosts([path])
      #expect(known.verdict(on: key, of: "host\(number)", port: 7) == .known)
      #expect(
        known.verdict(on: other, of: "host\(number)", port: 7)
          == .changed(file: path, line: number + 2))
    }
    // A pattern in front of a plain name: the first line is the one that is told.
    let text =
      "h* \(KnownHosts.line(for: key, of: "x", port: 22).dropFirst(2))\n"
      + KnownHosts.line(for: key, of: "host", port: 22) + "\n"
    let both = KnownHosts(text, file: "f")
    #expect(both.verdict(on: other, of: "host", port: 22) == .changed(file: "f", line: 1))
  }
}
