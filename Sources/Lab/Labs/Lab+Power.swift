import Glibc

extension Lab {
  /// Cuts a host's power: all its processes end at once; its disk and its cable stay.
  package func cutPower(of name: String) throws(LabError) {
    let host = try host(named: name)
    let start = LabClock.now
    while true {
      let processes = cgroups.identifiers(of: host.name, in: specification.label)
      if processes.isEmpty { return }
      let waited = LabClock.now - start
      guard waited < 20_000 else {
        throw LabError(.commandFailed, "host \(name): its processes don't end: \(processes)")
      }
      for process in processes {
        // systemd-nspawn tidies up when its container has ended; it is ended only if it doesn't.
        let program = LabFiles.read("/proc/\(process)/comm") ?? ""
        if waited > 5000 || program != "systemd-nspawn\n" { kill(process, SIGKILL) }
      }
      LabClock.rest(milliseconds: 50)
    }
  }

  /// Starts a host whose power was cut, and waits until it lets its user in.
  package func powerOn(_ name: String, progress: (String) -> Void) throws(LabError) {
    let host = try host(named: name)
    guard cgroups.identifiers(of: host.name, in: specification.label).isEmpty else {
      throw LabError(.wrongState, "host \(name) runs")
    }
    try twin(of: host).start()
    try waitForLogin([host], progress: progress)
  }

  /// The host of this name.
  func host(named name: String) throws(LabError) -> LabHost {
    if let host = specification.hosts.first(where: { $0.name == name }) { return host }
    let names = specification.hosts.map(\.name).joined(separator: ", ")
    throw LabError(
      .wrongState, "no host \"\(name)\" in lab \(specification.name); there are: \(names)")
  }
}
