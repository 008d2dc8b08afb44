/// Filled in below.
enum EncodingFilters {
  static let all: [LibraryFunction] = []
}
