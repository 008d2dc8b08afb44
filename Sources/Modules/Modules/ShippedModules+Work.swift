internal import ModuleKit

extension ShippedModules {
  /// The modules for packages, services, the system, commands, the run itself and Kubernetes.
  static func registerWork(in registry: inout ModuleRegistry) {
    // Packages
    registry.register(AptModule.self)
    registry.register(AptRepositoryModule.self)
    registry.register(Deb822RepositoryModule.self)
    registry.register(PackageModule.self)
    registry.register(DpkgSelectionsModule.self)
    registry.register(DnfModule.self)
    registry.register(YumRepositoryModule.self)

    // Services
    registry.register(SystemdModule.self)
    registry.register(ServiceModule.self)

    // System
    registry.register(RebootModule.self)
    registry.register(HostnameModule.self)
    registry.register(SysctlModule.self)
    registry.register(ModprobeModule.self)
    registry.register(MountModule.self)
    registry.register(CronModule.self)
    registry.register(UserModule.self)
    registry.register(GroupModule.self)
    registry.register(GetentModule.self)

    // Commands
    registry.register(CommandModule.self)
    registry.register(ShellModule.self)
    registry.register(ScriptModule.self)
    registry.register(RawModule.self)
    registry.register(WaitForModule.self)
    registry.register(WaitForConnectionModule.self)
    registry.register(URIModule.self)
    registry.register(PauseModule.self)
    registry.register(PingModule.self)

    // Control
    registry.register(DebugModule.self)
    registry.register(AssertModule.self)
    registry.register(FailModule.self)
    registry.register(SetFactModule.self)
    registry.register(IncludeVarsModule.self)
    registry.register(AddHostModule.self)
    registry.register(GroupByModule.self)
    registry.register(MetaModule.self)

    // Kubernetes
    registry.register(KubeadmInitModule.self)
    registry.register(KubeadmJoinModule.self)
    registry.register(KubeadmCredentialsModule.self)
    registry.register(KubectlApplyModule.self)
    registry.register(VIPModule.self)
    registry.register(HALayoutModule.self)
  }
}
