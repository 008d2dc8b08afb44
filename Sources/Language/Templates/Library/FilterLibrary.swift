internal import Diagnostics

/// The filters that templates know.
enum FilterLibrary {
  static let all: [String: LibraryFunction] = LibraryFunction.table([
    ListFilters.all, OrderFilters.all, GroupFilters.all, CombinationFilters.all,
    HigherOrderFilters.all, TextFilters.all, LayoutFilters.all, MarkupFilters.all,
    NumberFilters.all,
    DictFilters.all, DefaultFilters.all, EncodingFilters.all, HashFilters.all, URLFilters.all,
    RandomFilters.all, VaultFilters.all, PatternFilters.all,
    PathFilters.all, SetFilters.all, TimeFilters.all, SerializationFilters.all,
    AddressFilters.all, QueryFilters.all, NetworkFilters.all, HardwareAddressFilters.all,
  ])

  /// The filter of a name, with or without its collection's name.
  static func filter(_ name: String) -> LibraryFunction? {
    all[name] ?? LibraryFunction.localName(name).flatMap { all[$0] }
  }

  /// The error that an unknown filter is.
  static func unknown(_ name: String) -> TemplateError {
    TemplateError(
      .syntax, "No filter named '\(name)'.", help: Suggestion.didYouMean(name, in: all.keys))
  }
}

/// The tests that templates know.
enum TestLibrary {
  static let all: [String: LibraryFunction] = LibraryFunction.table([
    TypeTests.all, ComparisonTests.all, TaskTests.all, FileTests.all, NetworkTests.all,
  ])

  /// The test of a name, with or without its collection's name.
  static func test(_ name: String) -> LibraryFunction? {
    all[name] ?? LibraryFunction.localName(name).flatMap { all[$0] }
  }

  /// The error that an unknown test is.
  static func unknown(_ name: String) -> TemplateError {
    TemplateError(
      .syntax, "No test named '\(name)'.", help: Suggestion.didYouMean(name, in: all.keys))
  }
}

extension LibraryFunction {
  /// The functions of several groups by their names.
  static func table(_ groups: [[LibraryFunction]]) -> [String: LibraryFunction] {
    Dictionary(groups.joined().map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
  }

  /// The collections whose plugins are known here.
  private static let collections = [
    "ansible.builtin.", "ansible.legacy.", "ansible.utils.", "ansible.netcommon.",
    "community.general.",
  ]

  /// A name without its collection's; nil where it has none that is known.
  static func localName(_ name: String) -> String? {
    collections.first { name.hasPrefix($0) }.map { String(name.dropFirst($0.count)) }
  }
}
