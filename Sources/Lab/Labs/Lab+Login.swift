import Glibc

extension Lab {
  /// The arguments of an ssh to a host, in the lab's namespace; without a command, of a shell there.
  package func sshArguments(
    host name: String, command: [String] = []
  ) throws(LabError) -> [String] {
    let host = try host(named: name)
    let address = host.addresses[0].address
    return network.entering(
      [
        "ssh", "-F", "/dev/null", "-i", privateKeyPath, "-o", "IdentitiesOnly=yes", "-o",
        "UserKnownHostsFile=\(knownHostsPath)", "-o", "GlobalKnownHostsFile=/dev/null", "-o",
        "StrictHostKeyChecking=yes", "-o", "LogLevel=ERROR", "-p", "\(host.port)",
        "\(host.user)@\(address)",
      ] + command)
  }

  /// The arguments of a program that is to run where it reaches the lab's hosts and nothing else.
  package func arguments(entering program: [String]) -> [String] { network.entering(program) }

  /// Replaces this process by itself, with these arguments, where it reaches the lab's hosts and
  /// nothing else. The process's number stays, so it stays the lab's owner. (`setns` would move but
  /// the calling thread.)
  package func reexecute(arguments: [String]) throws(LabError) -> Never {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard readlink("/proc/self/exe", &path, Int(PATH_MAX)) > 0 else {
      throw LabError(.commandFailed, "can't read /proc/self/exe")
    }
    let program = path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let words = network.entering([String(decoding: program, as: UTF8.self)] + arguments)
    var pointers = words.map { strdup($0) } + [nil]
    execvp("nsenter", &pointers)
    throw LabError(.commandFailed, "can't run nsenter: \(String(cString: strerror(errno)))")
  }

  /// Waits until each host lets its user in, at most two minutes.
  func waitForLogin(_ hosts: [LabHost], progress: (String) -> Void) throws(LabError) {
    let start = LabClock.now
    let end = start + 120_000
    for host in hosts {
      var arguments = try sshArguments(host: host.name, command: ["true"])
      if let options = arguments.firstIndex(of: "-F") {
        arguments.insert(
          contentsOf: ["-o", "BatchMode=yes", "-o", "ConnectTimeout=2"], at: options)
      }
      while true {
        let result = try LabCommand(arguments).attempt(timeout: 10)
        if result.status == 0 { break }
        let processes = cgroups.identifiers(of: host.name, in: specification.label).count
        // A container that has just been started may not have its first process yet.
        let mayStillCome = processes > 0 || LabClock.now < start + 10_000
        guard mayStillCome, LabClock.now < end else {
          let log = LabFiles.read(twin(of: host).consolePath) ?? ""
          let what =
            processes > 0 ? "ssh doesn't let \(host.user) in" : "its container has ended"
          throw LabError(
            .commandFailed,
            """
            host \(host.name): \(what)
            \(LabCommand.lastLines(of: result.output, 3))
            its console's last lines:
            \(LabCommand.lastLines(of: log, 15))
            """)
        }
        LabClock.rest(milliseconds: 200)
      }
      progress("\(host.name) answers")
    }
  }
}
