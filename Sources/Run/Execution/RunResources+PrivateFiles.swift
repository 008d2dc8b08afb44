internal import Cryptography
internal import Glibc
package import Templates

extension RunResources {
  /// The text of a file that only its owner may read, as the lookup `password` keeps it.
  ///
  /// It is written beside its place and then moved, so that nobody sees half of it; where two hosts
  /// ask for the same new file at once, the first one's stays.
  package func privateFile(
    _ path: String, update: (String?) throws(TemplateError) -> String
  ) throws(TemplateError) -> String? {
    let path = path.hasPrefix("/") ? path : search.playFolder + "/" + path
    let known = try text(path)
    if known == nil, !mayWrite { return nil }
    let wanted = try update(known)
    if wanted == known { return known }
    if !mayWrite { return nil }
    try makeFolders(above: path)
    let temporary = path + ".orchestrate." + SecureRandom.hex(8)
    defer { unlink(temporary) }
    try write(Array(wanted.utf8), to: temporary)
    if known == nil {
      if link(temporary, path) == 0 { return wanted }
      guard errno == EEXIST, let other = try text(path) else { throw failure(path) }
      let result = try update(other)
      if result == other { return other }
      try write(Array(result.utf8), to: temporary)
      guard rename(temporary, path) == 0 else { throw failure(path) }
      return result
    }
    guard rename(temporary, path) == 0 else { throw failure(path) }
    return wanted
  }

  private func text(_ path: String) throws(TemplateError) -> String? {
    guard access(path, F_OK) == 0 else { return nil }
    return String(decoding: try read(path).bytes, as: UTF8.self)
  }

  private func write(_ bytes: [UInt8], to path: String) throws(TemplateError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        close(descriptor)
        throw failure(path)
      }
      rest = rest.dropFirst(count)
    }
    guard close(descriptor) == 0 else { throw failure(path) }
  }

  private func makeFolders(above path: String) throws(TemplateError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/").dropLast() {
      made += "/" + part
      guard mkdir(made, 0o700) == 0 || errno == EEXIST else { throw failure(made) }
    }
  }

  private func failure(_ path: String) -> TemplateError {
    TemplateError(.other, "can't write \(path): \(String(cString: strerror(errno)))")
  }
}
