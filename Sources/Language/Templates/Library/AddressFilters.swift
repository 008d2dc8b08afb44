/// Filled in below.
enum AddressFilters {
  static let all: [LibraryFunction] = []
}
