import FoundationEssentials
import Glibc

/// Where a lab keeps what it must remember while it runs, and where its hosts' disks are.
struct LabState: Sendable {
  /// The lab's name.
  let name: String
  /// The lab's folder with its keys, its owner and its undoing: gone when the lab is.
  let folder: String
  /// The folder of the hosts' disks, on the file system of the cache.
  let disks: String

  /// The state of a lab, whether or not there is one.
  init(name: String, cache: LabCache = LabCache()) {
    self.name = name
    folder = "\(LabState.root)/\(name)"
    disks = "\(cache.folder)/labs/\(name)"
  }

  /// The folder of all labs' states: `${XDG_STATE_HOME:-/run}/orchestrate/labs`.
  static var root: String {
    if let state = getenv("XDG_STATE_HOME"), state[0] == 47 {
      return String(cString: state) + "/orchestrate/labs"
    }
    return "/run/orchestrate/labs"
  }

  /// The names of the labs that have a state, running or left over.
  static var names: [String] { LabFiles.folders(in: root) }

  /// The specification, as JSON.
  var specificationPath: String { "\(folder)/lab.json" }
  /// The key with which the hosts' users log in.
  var privateKeyPath: String { "\(folder)/id_ed25519" }
  /// The hosts' keys.
  var knownHostsPath: String { "\(folder)/known_hosts" }
  /// The number and the start of the process with whose end the lab ends.
  var ownerPath: String { "\(folder)/owner" }
  /// The script that takes the lab down.
  var downPath: String { "\(folder)/down.sh" }

  /// A host's folder: its disk's upper layer, its root and its console's log.
  func disk(of host: LabHost) -> String { "\(disks)/\(host.name)" }

  /// Takes the name: fails if there is a lab of it.
  func take() throws(LabError) {
    try LabFiles.makeFolder(LabState.root, mode: 0o700)
    guard mkdir(folder, 0o700) == 0 else {
      let why = errno == EEXIST ? "it runs already" : String(cString: strerror(errno))
      throw LabError(
        .wrongState, "lab \(name): \(why) (`orchestrate lab down --name \(name)` ends it)")
    }
  }

  /// The specification, without passwords; nil if there is no lab of this name.
  func specification() -> LabSpecification? {
    guard let text = LabFiles.read(specificationPath) else { return nil }
    return try? JSONDecoder().decode(LabSpecification.self, from: Data(text.utf8))
  }

  /// Remembers the specification.
  func remember(_ specification: LabSpecification) throws(LabError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(specification) else {
      throw LabError(.commandFailed, "can't write down lab \(name)")
    }
    try LabFiles.write(String(decoding: data, as: UTF8.self), to: specificationPath, mode: 0o600)
  }
}
