/// Filled in below.
enum PatternFilters {
  static let all: [LibraryFunction] = []
}
