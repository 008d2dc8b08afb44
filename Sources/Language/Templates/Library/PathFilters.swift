/// Filled in below.
enum PathFilters {
  static let all: [LibraryFunction] = []
}
