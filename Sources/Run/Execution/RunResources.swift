internal import Cryptography
internal import Diagnostics
package import Documents
internal import Glibc
package import Templates

/// What lookups may use of the controller during a run.
package struct RunResources: TemplateResources {
  package let search: FileSearch
  package let secrets: RunSecrets
  package let passwords: VaultPasswords
  /// Whether lookups may make files on the controller: not in a plan.
  package let mayWrite: Bool
  package let templates: TemplateCache
  package let settings: ConfiguredSettings
  package let matchingHosts: @Sendable (String) throws(TemplateError) -> [String]

  package init(
    search: FileSearch, secrets: RunSecrets, passwords: VaultPasswords, mayWrite: Bool = false,
    templates: TemplateCache = TemplateCache(),
    settings: ConfiguredSettings = ConfiguredSettings(),
    matchingHosts: @escaping @Sendable (String) throws(TemplateError) -> [String]
  ) {
    self.search = search
    self.secrets = secrets
    self.passwords = passwords
    self.mayWrite = mayWrite
    self.templates = templates
    self.settings = settings
    self.matchingHosts = matchingHosts
  }

  package func locate(_ name: String, in folder: String) -> String? {
    search.candidates(for: name, in: folder).first { access($0, F_OK) == 0 }
  }

  package func read(_ path: String) throws(TemplateError) -> (bytes: [UInt8], isSecret: Bool) {
    do throws(Diagnostics) {
      let bytes = try DocumentFile.bytes(path)
      guard Vault.isVaulted(bytes) else { return (bytes, false) }
      return (Array(try plain(String(decoding: bytes, as: UTF8.self), path)), true)
    } catch {
      throw TemplateError(.other, error.all.first?.message ?? "can't read \(path)")
    }
  }

  private func plain(_ text: String, _ path: String) throws(Diagnostics) -> [UInt8] {
    let file = SourceFile(path: path, text: "")
    return try Vault.decrypt(
      text, with: passwords, at: SourceRange(file: file, line: 1, column: 1))
  }

  package func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  package func pipe(_ command: String) throws(TemplateError) -> String {
    guard let stream = popen(command, "r") else {
      throw TemplateError(.other, "can't run `\(command)`: \(String(cString: strerror(errno)))")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, stream)
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    let status = pclose(stream)
    guard status == 0 else {
      throw TemplateError(.other, "lookup('pipe'): `\(command)` ended with status \(status >> 8)")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return String(text.reversed().drop { $0.isNewline }.reversed())
  }

  package func runSecret(_ name: String, byteCount: Int) -> [UInt8] {
    secrets.bytes(name, count: byteCount)
  }

  package func hosts(matching pattern: String) throws(TemplateError) -> [String] {
    try matchingHosts(pattern)
  }

  package func decrypt(_ vaultText: String) throws(TemplateError) -> String {
    do throws(Diagnostics) {
      return String(decoding: try plain(vaultText, "<vault>"), as: UTF8.self)
    } catch {
      throw TemplateError(.other, error.all.first?.message ?? "can't decrypt")
    }
  }
}

/// Keys and tokens that a run mints: the same for a name all through the run, and gone with it.
///
/// All of them are made from one random seed by HMAC-SHA-256, in counter mode.
package struct RunSecrets: Sendable {
  private let seed: [UInt8]

  package init(seed: [UInt8] = SecureRandom.bytes(32)) { self.seed = seed }

  package func bytes(_ name: String, count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var block: UInt8 = 0
    while bytes.count < count {
      bytes += HMAC.sha256(key: seed, Array("\(name)\0".utf8) + [block])
      block += 1
    }
    return Array(bytes.prefix(count))
  }
}
