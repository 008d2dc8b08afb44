internal import OrderedCollections
internal import Templates

/// Where the tasks that are being read stand.
struct TaskContext {
  /// The folders of the file at hand and of those that import it, innermost first.
  var folders: [String]
  var playFolder: String
  var role: Role?
  var isHandler = false
  /// Files and roles on the way here, outermost first; one that comes again is a cycle.
  var chain: [String] = []
  /// Known before the run: of the play and the imports on the way.
  var variables: OrderedDictionary<String, Expression> = [:]
  /// What blocks give to the tasks in them.
  var notify: [Expression] = []
  var delegateTo: Expression?
  var delegatesFacts: Expression?

  init(folder: String) {
    folders = [folder]
    playFolder = folder
  }

  /// Around what an include brings in.
  init(include task: TaskDefinition, playFolder: String) {
    folders = [task.folder]
    self.playFolder = playFolder
    role = task.role
    notify = task.notify
    delegateTo = task.delegateTo
    delegatesFacts = task.delegatesFacts
  }

  var folder: String { folders[0] }
}
