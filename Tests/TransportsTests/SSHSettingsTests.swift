import Foundation
import Hosts
import Testing

@testable import Transports

@Suite struct SSHSettingsTests {
  private static let config = """
    # The first value of an option wins.
    Host web? !web9
      HostName %h.example.org
      User deploy
      Port 2201
      IdentityFile ~/.ssh/web_%r
      IdentityFile "/keys/with space"
    Host db
      HostName=10.0.0.5
      IdentitiesOnly yes
      ProxyJump admin@gate:2222,inner
      StrictHostKeyChecking accept-new
      UserKnownHostsFile /known/one /known/two
      ServerAliveInterval 30
    Host inner
      HostKeyAlias the-inner
    Match user deploy originalhost web*
      ServerAliveCountMax 7
    Match all
      IdentityFile /keys/all
    Host *
      User everybody
      Port 2022
      ControlMaster auto
      ControlPath ~/.ssh/%C
      SendEnv LANG LC_*
    """

  private struct Reference {
    var lines: [String: [String]] = [:]

    subscript(_ keyword: String) -> String? { lines[keyword]?.first }
  }

  /// What ssh makes of the same.
  private func reference(
    _ host: String, _ arguments: [String], config: String
  ) throws -> Reference {
    var reference = Reference()
    for line in try Program.run(["ssh", "-G", "-F", config] + arguments + [host])
      .split(separator: "\n")
    {
      let words = line.split(separator: " ", maxSplits: 1)
      reference.lines[String(words[0]), default: []].append(words.count > 1 ? String(words[1]) : "")
    }
    return reference
  }

  @Test(arguments: [
    ("web1", []), ("web9", []), ("db", []), ("inner", []), ("elsewhere", []),
    ("web1", ["-o", "Port=99", "-l", "me", "-o", "IdentityFile=/keys/mine"]),
    ("db", ["-oProxyJump=none", "-o", "StrictHostKeyChecking=yes", "-p", "7"]),
    ("web2", ["-J", "a,b", "-o", "ServerAliveInterval 5", "-o", "IdentitiesOnly=yes", "-C"]),
  ])
  func resolvesAsSSHDoes(_ host: String, _ arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("config", Self.config)
    let expected = try reference(host, arguments, config: file)
    var target = ConnectionTarget(name: host, address: host)
    target.sshArguments = arguments
    var options = TransportOptions()
    options.configurationFiles = [file]
    let settings = try SSHSettings(target, options)
    #expect(settings.hostName == expected["hostname"])
    #expect(String(settings.port) == expected["port"])
    #expect(settings.user == expected["user"])
    #expect(settings.identitiesOnly == (expected["identitiesonly"] == "yes"))
    #expect(settings.jumps.joined(separator: ",") == expected["proxyjump"] ?? "")
    #expect(settings.hostKeyAlias == expected["hostkeyalias"])
    // `-G` doesn't put the tokens' values in.
    let files = expected.lines["identityfile"]?.map {
      $0.replacing("~/", with: options.homeFolder + "/").replacing("%r", with: settings.user)
    }
    #expect(settings.identityFiles == files)
    if let interval = expected["serveraliveinterval"].flatMap({ Int($0) }), interval > 0 {
      #expect(settings.keepAliveInterval == .seconds(interval))
    }
    let count = expected["serveralivecountmax"].flatMap { Int($0) }
    #expect(settings.keepAliveCount ?? 3 == count)
    switch expected["stricthostkeychecking"] {
    case "accept-new": #expect(settings.hostKeyPolicy == .acceptNew)
    case "false": #expect(settings.hostKeyPolicy == .ignore)
    default: #expect(settings.hostKeyPolicy == .strict)
    }
    if host == "db" {
      #expect(settings.knownHostsFiles.prefix(2) == ["/known/one", "/known/two"])
    }
  }

  @Test func theTargetComesFirst() throws {
    var target = ConnectionTarget(name: "db", address: "db")
    target.port = 1
    target.user = "u"
    target.privateKeyFile = "~/k"
    target.checksHostKey = false
    target.sshArguments = ["-p", "2", "-l", "v", "-o", "StrictHostKeyChecking=yes"]
    var options = TransportOptions()
    options.configurationFiles = []
    options.homeFolder = "/home/h"
    let settings = try SSHSettings(target, options)
    #expect(settings.port == 1)
    #expect(settings.user == "u")
    #expect(settings.identityFiles == ["/home/h/k"])
    #expect(settings.hostKeyPolicy == .ignore)
  }

  @Test func filesIncludeOthers() throws {
    let folder = try TemporaryFolder()
    try folder.write("10.conf", "User ten\nHost x\n  Port 10\n")
    let file = try folder.write("config", "Host a*\n  Include \(folder.path)/*.conf\n  Port 5\n")
    var options = TransportOptions()
    options.configurationFiles = [file]
    let one = try SSHSettings(ConnectionTarget(name: "abc", address: "abc"), options)
    #expect(one.user == "ten")
    #expect(one.port == 5)
    let other = try SSHSettings(ConnectionTarget(name: "x", address: "x"), options)
    #expect(other.port == 22)
  }

  @Test(arguments: [
    ("Host x\n  ProxyCommand nc %h %p", ":2: ProxyCommand isn't supported"),
    ("FrobnicateHost yes", ":1: the SSH option frobnicatehost isn't supported"),
    ("\nPort many", ":2: 'many' is no port"),
    ("IdentitiesOnly perhaps", ":1: identitiesonly must be yes or no"),
    ("User \"open", ":1: a quote isn't closed"),
    ("ServerAliveInterval soon", ":1: 'soon' is no time"),
  ])
  func mistakesHaveAPlace(_ config: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("config", config)
    var options = TransportOptions()
    options.configurationFiles = [file]
    let error = #expect(throws: HostError.self) {
      try SSHSettings(ConnectionTarget(name: "x", address: "x"), options)
    }
    #expect(error?.message == file + message)
  }

  @Test func argumentsAreRefusedByName() {
    for (words, part) in [(["-W", "x"], "'-W'"), (["host"], "'host'"), (["-p"], "no value")] {
      var target = ConnectionTarget(name: "x", address: "x")
      target.sshArguments = words
      let error = #expect(throws: HostError.self) { try SSHSettings(target, TransportOptions()) }
      #expect(error?.message.contains(part) == true)
    }
  }

  @Test func jumpHostsAreRead() {
    #expect(JumpHost("a")?.host == "a")
    #expect(JumpHost("u@v@h:22")?.user == "u@v")
    #expect(JumpHost("ssh://h:7")?.port == 7)
    #expect(JumpHost("[::1]:7")?.host == "::1")
    #expect(JumpHost("::1")?.host == "::1")
    #expect(JumpHost("h:x") == nil)
    #expect(JumpHost("u@") == nil)
  }
}
