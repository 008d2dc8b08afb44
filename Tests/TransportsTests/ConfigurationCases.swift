import Foundation
import Hosts
import Testing

@testable import Transports

/// One folder of `Cases/Configurations`: files of ssh_config(5), and what OpenSSH makes of them.
struct ConfigurationCase: Sendable, CustomStringConvertible {
  /// What is asked of ssh, and the options that it answers with; nil where it refuses.
  struct Answer: Sendable {
    var words: [String]
    var options: [String: [String]]?
  }

  var name: String
  var folder: String
  var answers: [Answer]

  var description: String { name }

  static let all: [ConfigurationCase] = {
    let folder = "\(#filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined())/Cases"
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder + "/Configurations")
    return (names ?? []).sorted().compactMap { ConfigurationCase("\(folder)/Configurations/\($0)") }
  }()

  private init?(_ folder: String) {
    guard let expected = try? String(contentsOfFile: folder + "/expected", encoding: .utf8) else {
      return nil
    }
    self.folder = folder
    name = String(folder.split(separator: "/").last ?? "")
    answers = []
    for line in expected.split(separator: "\n") {
      if line.hasPrefix("== ") {
        let words = SSHConfigLine.arguments(of: line.dropFirst(3)) ?? []
        answers.append(Answer(words: words, options: [:]))
      } else if line == "refused" {
        answers[answers.count - 1].options = nil
      } else {
        let parts = line.split(separator: " ", maxSplits: 1)
        answers[answers.count - 1].options?[String(parts[0]), default: []]
          .append(parts.count > 1 ? String(parts[1]) : "")
      }
    }
  }

  /// The files laid out as ssh looks for them, below a folder that is the home.
  func layOut(in home: TemporaryFolder) throws -> TransportOptions {
    let files = FileManager.default
    try files.copyItem(atPath: folder, toPath: home.path + "/.ssh")
    try files.copyItem(atPath: folder, toPath: home.path + "/etc")
    try files.moveItem(atPath: home.path + "/.ssh/user", toPath: home.path + "/.ssh/config")
    try Program.run(["chmod", "-R", "go-w", home.path])
    var options = TransportOptions()
    options.homeFolder = home.path
    options.systemConfigurationFolder = home.path + "/etc"
    if files.fileExists(atPath: home.path + "/etc/system") {
      try files.moveItem(
        atPath: home.path + "/etc/system", toPath: home.path + "/etc/ssh_config")
    }
    return options
  }
}

extension SSHSettings {
  /// The options as `ssh -G` calls them.
  var listed: [String: [String]] {
    func flag(_ value: Bool, _ yes: String = "yes", _ no: String = "no") -> [String] {
      [value ? yes : no]
    }
    func seconds(_ value: Duration?) -> Int { Int(value?.components.seconds ?? 0) }
    var listed: [String: [String]] = [
      "hostname": [hostName], "port": [String(port)], "addressfamily": [addressFamily.rawValue],
      "hashknownhosts": flag(hashesKnownHosts), "identitiesonly": flag(identitiesOnly),
      "kbdinteractiveauthentication": flag(authentications.contains("keyboard-interactive")),
      "passwordauthentication": flag(authentications.contains("password")),
      "pubkeyauthentication": flag(authentications.contains("publickey"), "true", "false"),
      "serveralivecountmax": [String(keepAliveCount ?? 3)],
      "serveraliveinterval": [String(seconds(keepAliveInterval))],
    ]
    listed["user"] = user == LocalUser.current.name ? nil : [user]
    listed["bindaddress"] = bindAddress.map { [$0] }
    listed["hostkeyalias"] = hostKeyAlias.map { [$0] }
    listed["revokedhostkeys"] = revokedKeysFile.map { [$0] }
    listed["certificatefile"] = certificateFiles.isEmpty ? nil : certificateFiles
    listed["identityfile"] = identityFiles?.isEmpty == false ? identityFiles : nil
    listed["proxycommand"] = proxyCommand.map { [$0] }
    if !jumps.isEmpty { listed["proxyjump"] = [jumps.joined(separator: ",")] }
    func files(_ names: [String]) -> [String] {
      [names.isEmpty ? "none" : names.joined(separator: " ")]
    }
    listed["userknownhostsfile"] = files(userKnownHostsFiles)
    listed["globalknownhostsfile"] = files(globalKnownHostsFiles)
    switch hostKeyPolicy {
    case .strict: listed["stricthostkeychecking"] = ["ask"]
    case .acceptNew: listed["stricthostkeychecking"] = ["accept-new"]
    case .ignore: listed["stricthostkeychecking"] = ["false"]
    }
    return listed
  }
}

@Suite(.timeLimit(.minutes(2))) struct ConfigurationCases {
  @Test func thereAreCases() { #expect(ConfigurationCase.all.count > 30) }

  @Test(arguments: ConfigurationCase.all)
  func resolvesAsSSHDoes(_ testCase: ConfigurationCase) throws {
    let home = try TemporaryFolder()
    let options = try testCase.layOut(in: home)
    for answer in testCase.answers {
      let host = answer.words.last ?? ""
      var target = ConnectionTarget(name: host, address: host)
      target.sshArguments = Array(answer.words.dropLast())
      guard let expected = answer.options else {
        let error = #expect(throws: HostError.self) { try SSHSettings(target, options) }
        #expect(
          error?.message.contains("config") == true || error?.message.contains(" of h:") == true)
        continue
      }
      let settings = try SSHSettings(target, options)
      let listed = settings.listed
      for (name, values) in expected {
        let wanted = values.map { Self.comparable($0, home.path) }
        switch name {
        case "preferredauthentications":
          #expect(settings.authentications == values[0].split(separator: ",").map(String.init))
        case "identityagent":
          #expect(settings.agentSocket == (values[0] == "none" ? nil : values[0]))
        case "connecttimeout":
          let timeout = values[0] == "none" ? 10 : Int(values[0])
          #expect(Int(settings.connectTimeout.components.seconds) == timeout)
        case "proxyjump":
          #expect(
            settings.jumps.compactMap(JumpHost.init)
              == values[0].split(separator: ",").compactMap { JumpHost(String($0)) })
        case "kbdinteractiveauthentication", "passwordauthentication", "pubkeyauthentication":
          // Those that the preference leaves out are listed as allowed.
          if expected["preferredauthentications"] == nil {
            #expect(listed[name] == wanted, "\(testCase) \(answer.words): \(name)")
          }
        case "stricthostkeychecking" where values == ["true"]:
          #expect(settings.hostKeyPolicy == .strict)
        default: #expect(listed[name] == wanted, "\(testCase) \(answer.words): \(name)")
        }
      }
      for name in listed.keys where expected[name] == nil {
        Issue.record(
          "\(testCase) \(answer.words): ssh has no \(name), we have \(listed[name] ?? [])")
      }
    }
  }

  private static func comparable(_ value: String, _ home: String) -> String {
    value.split(separator: " ", omittingEmptySubsequences: false).map {
      $0.hasPrefix("~/") ? home + $0.dropFirst() : String($0)
    }.joined(separator: " ").replacing("/etc/ssh/ssh_known", with: home + "/etc/ssh_known")
  }
}
