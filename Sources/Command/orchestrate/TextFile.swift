import ArgumentParser
import Glibc

/// Whole text files of the controller, and its standard streams.
enum TextFile {
  /// The text; nil where the file can't be read.
  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }

  /// Writes beside the place and moves: a reader sees the old text or the new one.
  static func write(_ text: String, to path: String) throws {
    let temporary = path + ".new"
    guard let file = fopen(temporary, "w") else {
      throw ValidationError("can't write \(path): \(String(cString: strerror(errno)))")
    }
    let bytes = Array(text.utf8)
    let count = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, count == bytes.count, rename(temporary, path) == 0 else {
      unlink(temporary)
      throw ValidationError("can't write \(path): \(String(cString: strerror(errno)))")
    }
  }

  static func standardError(_ text: String) { put(text, to: STDERR_FILENO) }

  static func standardOutput(_ text: String) { put(text, to: STDOUT_FILENO) }

  static func standardOutput(_ bytes: [UInt8]) { put(bytes, to: STDOUT_FILENO) }

  private static func put(_ text: String, to descriptor: Int32) {
    put(Array(text.utf8), to: descriptor)
  }

  /// Writes all, whatever the descriptor takes at a time.
  private static func put(_ whole: [UInt8], to descriptor: Int32) {
    var bytes = whole[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
