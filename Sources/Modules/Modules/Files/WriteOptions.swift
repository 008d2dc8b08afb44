internal import Hosts
internal import ModuleKit
internal import Values

/// The arguments of every module that writes a file: attributes, `backup` and `validate`.
struct WriteOptions: Hashable, Sendable {
  var attributes: AttributeDemand
  var keepsBackup: Bool
  var validate: String?

  init(_ arguments: Arguments) throws(ArgumentError) {
    attributes = try AttributeDemand(arguments)
    keepsBackup = try arguments.boolean("backup") ?? false
    validate = try arguments.string("validate")
    if let validate, !validate.contains("%s") {
      throw ArgumentError(
        argument: "validate", "validate must contain %s: \(validate)",
        help: "%s stands for the new file, before it replaces the old one")
    }
  }

  /// A file with these options.
  func file(
    _ path: String, _ content: FileContent?, isSecret: Bool = false, sourceMode: UInt16? = nil
  ) -> WholeFile {
    WholeFile(
      path: path, content: content, attributes: attributes, sourceMode: sourceMode,
      keepsBackup: keepsBackup, validate: validate, isSecret: isSecret)
  }

  /// `backup`, `validate`, `owner`, `group` and `mode`.
  static let specifications: [ArgumentSpecification] =
    [
      ArgumentSpecification(
        "backup", .boolean, "Keep the old file beside the new one, with the time in its name.",
        default: false),
      ArgumentSpecification(
        "validate", .string,
        "A command that checks the new file, as `%s`, before it replaces the old one."),
    ] + ArgumentSpecification.fileAttributes
}
