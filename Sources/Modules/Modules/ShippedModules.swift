package import ModuleKit

/// The modules that come with the program.
package enum ShippedModules {
  /// All of them, by folder; a new module is one more line here.
  package static var registry: ModuleRegistry {
    let registry = ModuleRegistry()
    // Files

    // Facts

    return registry
  }
}
