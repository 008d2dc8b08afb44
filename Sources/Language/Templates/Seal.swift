internal import Synchronization
package import Values

/// What opens a text that stays closed until somebody uses it, such as what `!vault` stands before.
package final class Seal: Sendable {
  private let open: @Sendable () throws(TemplateError) -> Value
  private let known = Mutex<Result<Value, TemplateError>?>(nil)

  package init(_ open: @escaping @Sendable () throws(TemplateError) -> Value) { self.open = open }

  /// What was closed, worked out once.
  package func opened() throws(TemplateError) -> Value {
    try known.withLock { known in
      if let known { return known }
      let result = Result { () throws(TemplateError) in try open() }
      known = result
      return result
    }.get()
  }
}
