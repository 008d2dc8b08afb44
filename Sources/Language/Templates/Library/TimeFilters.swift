/// Filled in below.
enum TimeFilters {
  static let all: [LibraryFunction] = []
}
