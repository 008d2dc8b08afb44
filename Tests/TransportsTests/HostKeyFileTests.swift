import Foundation
import Hosts
import Testing

@testable import Transports

/// Files of known hosts, by which a real sshd is trusted or not, as the system's `ssh` does.
@Suite(.serialized, .timeLimit(.minutes(3))) struct HostKeyFileTests {
  /// What such a file may say of a server.
  struct FileCase: Sendable, CustomTestStringConvertible {
    var name: String
    /// The file, where ADDRESS, PORT, KEY (the server's) and OTHER (a stranger's) are put in.
    var text: String
    var isHashed = false

    var testDescription: String { name }
  }

  static let cases = [
    FileCase(name: "with its port", text: "[ADDRESS]:PORT KEY\n"),
    FileCase(name: "hashed", text: "[ADDRESS]:PORT KEY\n", isHashed: true),
    FileCase(name: "hashed without port", text: "ADDRESS KEY\n", isHashed: true),
    FileCase(name: "several names", text: "other,[ADDRESS]:PORT,third KEY\n"),
    FileCase(name: "several keys", text: "[ADDRESS]:PORT OTHER\n[ADDRESS]:PORT KEY\n"),
    FileCase(name: "comments and tabs", text: "# c\n\n  [ADDRESS]:PORT\tKEY\tcomment here\n"),
    FileCase(name: "no final line break", text: "[ADDRESS]:PORT KEY"),
    FileCase(
      name: "an unknown type in front", text: "[ADDRESS]:PORT ssh-future AAAA\n[ADDRESS]:PORT KEY\n"
    ),
    FileCase(name: "garbage in front", text: "garbage\nhost ssh-ed25519 -!-\n[ADDRESS]:PORT KEY\n"),
    FileCase(name: "without port", text: "ADDRESS KEY\n"),
    FileCase(name: "another port", text: "[ADDRESS]:1 KEY\n"),
    FileCase(name: "nothing", text: ""),
    FileCase(name: "changed", text: "[ADDRESS]:PORT OTHER\n"),
    FileCase(name: "changed without port", text: "ADDRESS OTHER\n"),
    FileCase(name: "revoked", text: "@revoked [ADDRESS]:PORT KEY\n[ADDRESS]:PORT KEY\n"),
    FileCase(name: "revoked for all", text: "[ADDRESS]:PORT KEY\n@revoked * KEY\n"),
    FileCase(name: "another revoked", text: "@revoked * OTHER\n[ADDRESS]:PORT KEY\n"),
    FileCase(name: "an authority", text: "@cert-authority * OTHER\n[ADDRESS]:PORT KEY\n"),
    FileCase(name: "the key as authority", text: "@cert-authority [ADDRESS]:PORT KEY\n"),
    FileCase(name: "pattern", text: "[127.0.0.*]:PORT KEY\n"),
    FileCase(name: "pattern without port", text: "127.0.0.* KEY\n"),
    FileCase(name: "any port", text: "[ADDRESS]:* KEY\n"),
    FileCase(name: "excepted", text: "[127.0.0.*]:*,![ADDRESS]:PORT KEY\n"),
    FileCase(name: "another excepted", text: "[127.0.0.*]:*,![10.0.0.1]:PORT KEY\n"),
    FileCase(name: "Windows' line ends", text: "# c\r\n[ADDRESS]:PORT KEY\r\n"),
  ]

  @Test func trustWhomSSHTrusts() async throws {
    let server = try SSHServer(hostKeys: ["ed25519"])
    let folder = server.folder.path
    func key(_ name: String) throws -> String {
      try String(contentsOfFile: "\(folder)/\(name).pub", encoding: .utf8)
        .split(separator: " ").prefix(2).joined(separator: " ")
    }
    var trusted = 0
    for (number, one) in Self.cases.enumerated() {
      let text = one.text.replacing("ADDRESS", with: "127.0.0.1")
        .replacing("PORT", with: "\(server.port)")
        .replacing("KEY", with: try key("host_ed25519"))
        .replacing("OTHER", with: try key("stranger"))
      let file = try server.folder.write("known_\(number)", text)
      if one.isHashed { try Program.run(["ssh-keygen", "-q", "-H", "-f", file]) }
      let isTrusted = try isTrustedBySSH(server, file)
      var error: HostError?
      do throws(HostError) {
        let host = try await server.connect { $0.knownHostsFile = file }
        await host.close()
      } catch let failure {
        error = failure
      }
      #expect((error == nil) == isTrusted, "\(one.name): \(error?.message ?? "trusted")")
      if let error { #expect(error.message.contains("host key"), "\(one.name)") }
      trusted += isTrusted ? 1 : 0
    }
    // Were ssh to fail for another reason, all would look refused.
    #expect(trusted > 12 && trusted < Self.cases.count - 6)
  }

  private func isTrustedBySSH(_ server: SSHServer, _ file: String) throws -> Bool {
    let said = try Program.run(
      script: """
        ssh -F none -i '\(server.folder.path)/user_ed25519' -p \(server.port) -o IdentitiesOnly=yes \\
        -o StrictHostKeyChecking=yes -o BatchMode=yes -o UpdateHostKeys=no -o UserKnownHostsFile='\(file)' \\
        -o GlobalKnownHostsFile=/dev/null 127.0.0.1 true </dev/null 2>/dev/null && echo yes || echo no
        """)
    return said == "yes\n"
  }
}
