/// Filled in below.
enum SetFilters {
  static let all: [LibraryFunction] = []
}
