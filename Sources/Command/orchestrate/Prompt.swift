import Glibc

/// Asks people on the terminal.
enum Prompt {
  /// A line from standard input, unseen where it is private; nil where that is no terminal.
  static func line(_ text: String, isPrivate: Bool) -> String? {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    return line(text, isPrivate: isPrivate, from: STDIN_FILENO)
  }

  /// A password from the terminal, even where standard input is something else; nil where there is
  /// no terminal.
  static func password(_ text: String) -> String? { terminalLine(text, isPrivate: true) }

  /// A line from the terminal, even where standard input is something else.
  static func terminalLine(_ text: String, isPrivate: Bool = false) -> String? {
    let terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else { return line(text, isPrivate: isPrivate) }
    defer { close(terminal) }
    return line(text, isPrivate: isPrivate, from: terminal)
  }

  private static func line(
    _ text: String, isPrivate: Bool, from descriptor: Int32
  ) -> String? {
    TextFile.standardError(text)
    var settings = termios()
    tcgetattr(descriptor, &settings)
    var before = settings
    if isPrivate {
      settings.c_lflag &= ~tcflag_t(ECHO)
      tcsetattr(descriptor, TCSAFLUSH, &settings)
    }
    defer {
      if isPrivate {
        tcsetattr(descriptor, TCSAFLUSH, &before)
        TextFile.standardError("\n")
      }
    }
    var bytes: [UInt8] = []
    while true {
      var byte: UInt8 = 0
      let count = read(descriptor, &byte, 1)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }
      if byte == 10 { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
  }
}
