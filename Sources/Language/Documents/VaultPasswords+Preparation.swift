internal import Cryptography
internal import Dispatch

extension VaultPasswords {
  /// Works out the keys of vaulted files side by side, before they are read one by one.
  ///
  /// A key costs 10,000 rounds, so many vaulted files are what an inventory's time goes into. What
  /// is no vaulted file, or can't be read, is left to whoever reads it.
  package func prepare(forFiles paths: [String]) {
    if isEmpty { return }
    let envelopes = paths.filter(isVaulted).compactMap { path in
      (try? DocumentFile.text(path)).flatMap { try? VaultEnvelope($0) }
    }
    DispatchQueue.concurrentPerform(iterations: envelopes.count) { index in
      guard let password = inOrder(label: envelopes[index].label).first else { return }
      envelopes[index].prepare(password.bytes, keys)
    }
  }

  private func isVaulted(_ path: String) -> Bool {
    (try? DocumentFile.start(of: path, count: 16)).map { Vault.isVaulted($0) } ?? false
  }
}
