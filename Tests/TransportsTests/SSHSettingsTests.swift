import Foundation
import Hosts
import Testing

@testable import Transports

@Suite struct SSHSettingsTests {
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

  @Test(arguments: [
    ("Host x\n  RemoteCommand reboot", ":2: the SSH option remotecommand isn't supported"),
    ("Match localnetwork 10.0.0.0/8", ":1: 'localnetwork' in a Match isn't supported"),
    ("PermitLocalCommand yes\nLocalCommand x", ":2: the SSH option LocalCommand isn't supported"),
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
