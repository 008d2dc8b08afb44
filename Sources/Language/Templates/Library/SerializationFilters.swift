/// Filled in below.
enum SerializationFilters {
  static let all: [LibraryFunction] = []
}
