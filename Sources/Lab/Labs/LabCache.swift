import FoundationEssentials
import Glibc

/// The folder of what is built once and used by every lab.
struct LabCache: Sendable {
  /// `${XDG_CACHE_HOME:-$HOME/.cache}/orchestrate`.
  let folder: String
  /// The command in which a build runs.
  let isolation: [String]

  /// A cache in a folder, which is made when the first piece is built.
  init(folder: String = LabCache.defaultFolder, isolation: [String] = LabCache.namespaces) {
    self.folder = folder
    self.isolation = isolation
  }

  /// Namespaces of its own that end with this process: no mount or child of a build stays behind.
  static let namespaces = [
    "setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child",
    "--mount-proc",
  ]

  /// Where the XDG base directory specification puts caches.
  static var defaultFolder: String {
    if let cache = getenv("XDG_CACHE_HOME"), cache[0] == 47 {
      return String(cString: cache) + "/orchestrate"
    }
    let home = getenv("HOME").map { String(cString: $0) } ?? "/root"
    return home + "/.cache/orchestrate"
  }

  /// The folder of a piece, whether or not it is there.
  func path(of recipe: LabRecipe) -> String { "\(folder)/\(recipe.key)" }

  /// Whether a piece is whole.
  func has(_ recipe: LabRecipe) -> Bool { access(path(of: recipe), F_OK) == 0 }

  /// Builds the pieces that are missing. A piece is built in a folder of another name and renamed
  /// when it is whole, so a build that was killed leaves nothing that looks like one.
  func build(_ recipes: [LabRecipe], progress: (String) -> Void) throws(LabError) {
    if recipes.allSatisfy(has) { return }
    try LabFiles.makeFolder(folder)
    let lock = try lock(progress)
    defer { close(lock) }
    for recipe in recipes.flatMap(\.order) where !has(recipe) {
      progress("building \(recipe.title)")
      try build(recipe, progress)
    }
  }

  private func build(_ recipe: LabRecipe, _ progress: (String) -> Void) throws(LabError) {
    let partial = path(of: recipe) + ".partial"
    try LabFiles.remove(partial)
    try LabFiles.makeFolder(partial)
    var environment: [String: String] = [:]
    for input in recipe.inputs { environment[input.variable] = path(of: input) }
    let command = LabCommand(
      isolation + ["env", "-C", partial, "sh", "-s"], environment: environment,
      input: recipe.input)
    let log = path(of: recipe) + ".log"
    let result = try command.attempt(timeout: 3600) { line in
      if line.hasPrefix("progress: ") { progress("  " + line.dropFirst("progress: ".count)) }
    }
    try LabFiles.write(result.output, to: log)
    guard result.status == 0 else {
      throw LabError(
        .commandFailed,
        """
        \(recipe.title): the build failed\(result.timedOut ? " (it took over an hour)" : "")
        \(LabCommand.lastLines(of: result.output, 15))
        the whole log: \(log)
        """)
    }
    guard rename(partial, path(of: recipe)) == 0 else {
      throw LabError(.commandFailed, "can't rename \(partial): error \(errno)")
    }
  }

  /// One process builds at a time; the kernel gives the lock back when the process ends.
  private func lock(_ progress: (String) -> Void) throws(LabError) -> Int32 {
    let file = open("\(folder)/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw LabError(.commandFailed, "can't write to \(folder)") }
    if flock(file, LOCK_EX | LOCK_NB) != 0 {
      progress("waiting for another build in \(folder)")
      let end = LabClock.now + 7_200_000
      while flock(file, LOCK_EX | LOCK_NB) != 0 {
        guard LabClock.now < end else {
          close(file)
          throw LabError(.commandFailed, "another build holds \(folder)/lock for two hours")
        }
        LabClock.rest(milliseconds: 500)
      }
    }
    return file
  }
}
