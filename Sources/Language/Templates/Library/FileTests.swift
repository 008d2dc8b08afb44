/// Filled in below.
enum FileTests {
  static let all: [LibraryFunction] = []
}
