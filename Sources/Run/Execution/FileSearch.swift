/// The folders in which a task's files are looked for, nearest first.
package struct FileSearch: Sendable, Hashable {
  /// The role's folder, and those of the roles that brought it.
  package var roles: [String]
  /// The folder of the task's file.
  package var taskFolder: String
  package var playFolder: String

  package init(roles: [String], taskFolder: String, playFolder: String) {
    self.roles = roles
    self.taskFolder = taskFolder
    self.playFolder = playFolder
  }
}
