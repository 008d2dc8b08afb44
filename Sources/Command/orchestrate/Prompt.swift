import Glibc

/// Asks people on the terminal.
enum Prompt {
  /// A line from the terminal, unseen where it is private; nil where there is no terminal.
  static func line(_ text: String, isPrivate: Bool) -> String? {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    TextFile.standardError(text)
    var settings = termios()
    tcgetattr(STDIN_FILENO, &settings)
    let before = settings
    if isPrivate {
      settings.c_lflag &= ~tcflag_t(ECHO)
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
    }
    var restored = before
    defer {
      if isPrivate {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &restored)
        TextFile.standardError("\n")
      }
    }
    return readLine()
  }
}
