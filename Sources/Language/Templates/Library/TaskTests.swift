/// Filled in below.
enum TaskTests {
  static let all: [LibraryFunction] = []
}
