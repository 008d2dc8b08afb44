package import ModuleKit

/// The modules that come with the program.
package enum ShippedModules {
  /// All of them, by folder; a new module is one more line here.
  package static var registry: ModuleRegistry {
    var registry = ModuleRegistry()
    // Files
    registry.register(Copy.self)
    registry.register(Template.self)
    registry.register(LineInFile.self)
    registry.register(BlockInFile.self)
    registry.register(Replace.self)
    registry.register(FileModule.self)
    registry.register(Stat.self)
    registry.register(Find.self)
    registry.register(Slurp.self)
    registry.register(Fetch.self)
    registry.register(Tempfile.self)
    registry.register(GetURL.self)
    registry.register(Unarchive.self)

    // Facts
    registry.register(Setup.self)

    registerWork(in: &registry)
    return registry
  }
}
