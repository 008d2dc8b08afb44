internal import Cryptography
internal import Layouts
internal import Values

/// What programs print, understood. What isn't understood is left out.
enum ObservationText {
  private static func words(_ line: Substring) -> [String] {
    line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(whereSeparator: \.isNewline)
  }

  static func firstWords(_ text: String) -> [String] { lines(text).compactMap { words($0).first } }

  /// Lines of `ip -o addr show`: `2: eth0    inet 192.0.2.1/24 brd …`.
  static func addresses(_ text: String) -> [HostObservation.HeldAddress] {
    lines(text).compactMap { line in
      let words = words(line)
      guard words.count >= 4, words[2] == "inet" || words[2] == "inet6",
        let address = words[3].split(separator: "/").first
      else { return nil }
      return HostObservation.HeldAddress(Address(String(address)), on: words[1])
    }
  }

  /// Blocks of `systemctl show`, an empty line between them.
  static func units(_ text: String) -> [String: HostObservation.UnitState] {
    var units: [String: HostObservation.UnitState] = [:]
    var fields: [String: String] = [:]
    let lines: [Substring] = text.split(separator: "\n", omittingEmptySubsequences: false) + [""]
    for line in lines {
      if let sign = line.firstIndex(of: "=") {
        fields[String(line[..<sign])] = String(line[line.index(after: sign)...])
      } else if let name = fields["Id"] {
        units[name] = HostObservation.UnitState(
          isLoaded: fields["LoadState"] == "loaded", isActive: fields["ActiveState"] == "active",
          isEnabled: fields["UnitFileState"]?.hasPrefix("enabled") ?? false)
        fields = [:]
      }
    }
    return units
  }

  static func timers(_ text: String) -> [HostObservation.TimerState] {
    lines(text).compactMap { line in
      let words = words(line)
      guard words.count == 2 else { return nil }
      return HostObservation.TimerState(name: words[0], isActive: words[1] == "active")
    }
  }

  /// HAProxy's CSV: its head names the columns.
  static func servers(_ text: String) -> [HostObservation.ServerState]? {
    let rows = lines(text).map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    guard let head = rows.first, head.first == "# pxname",
      let status = head.firstIndex(of: "status")
    else { return nil }
    return rows.dropFirst().compactMap { row in
      guard row.count > status, row[1] != "FRONTEND", row[1] != "BACKEND" else { return nil }
      return HostObservation.ServerState(name: String(row[1]), status: String(row[status]))
    }
  }

  /// The answer of etcd's gateway: `{"members":[{"name":…},…]}`.
  static func members(_ text: String) -> [String]? {
    guard let value = try? Value(json: text), case .list(let members)? = value["members"] else {
      return nil
    }
    // A member that hasn't started yet has no name.
    return members.map { $0["name"]?.description ?? "(not started)" }
  }

  static func isHealthy(_ text: String) -> Bool {
    (try? Value(json: text))?["health"]?.description.lowercased() == "true"
  }

  /// Lines of `kubectl get nodes`: `bay-plane1   Ready,SchedulingDisabled   …`.
  static func nodes(_ text: String) -> [HostObservation.NodeState] {
    lines(text).compactMap { line in
      let words = words(line)
      guard words.count >= 2 else { return nil }
      return HostObservation.NodeState(
        name: words[0], isReady: words[1].split(separator: ",").first == "Ready")
    }
  }

  static func keys(_ text: String) -> [HostObservation.KeyFile] {
    lines(text).compactMap { line in
      let words = words(line)
      guard words.count == 2, let time = Int(words[0]) else { return nil }
      return HostObservation.KeyFile(path: words[1], written: time)
    }
  }

  /// `file PATH` and behind it PEM, or lines of kubeconfig with a certificate in base64.
  static func certificates(_ text: String) -> [HostObservation.Certificate] {
    var found: [HostObservation.Certificate] = []
    var path = ""
    var body: String?
    func add(_ base64: String) {
      let bytes = Base64.decode(base64) ?? []
      // A kubeconfig's certificate is PEM in base64.
      if bytes.starts(with: Array("-----BEGIN".utf8)) {
        found += certificates("file \(path)\n" + String(decoding: bytes, as: UTF8.self))
      } else {
        found.append(
          HostObservation.Certificate(path: path, end: CertificateValidity.end(ofDER: bytes)))
      }
    }
    for line in lines(text) {
      if line.hasPrefix("file ") {
        path = String(line.dropFirst(5))
      } else if line.hasPrefix("-----BEGIN") {
        body = ""
      } else if line.hasPrefix("-----END") {
        if let body { add(body) }
        body = nil
      } else if body != nil {
        body? += line
      } else if line.contains("client-certificate-data:"), let last = words(line).last {
        add(last)
      }
    }
    return found
  }
}
