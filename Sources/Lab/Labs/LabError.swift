/// Why the lab can't do what was asked, in words for the person at the terminal.
package struct LabError: Error, CustomStringConvertible, Sendable, Equatable {
  /// What a program may want to tell apart.
  package enum Kind: Sendable, Equatable {
    /// The lab needs root, and this process isn't.
    case needsRoot
    /// Programs are missing, or the kernel lacks something.
    case unfitMachine
    /// The specification can't be built: a wrong name, an address twice.
    case badSpecification
    /// A lab of this name runs already, or there is none.
    case wrongState
    /// A command that the lab runs failed or took too long.
    case commandFailed
  }

  /// The class of the failure.
  package let kind: Kind
  /// What happened and what to do, one or more lines.
  package let description: String

  /// An error of a kind with its message.
  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
