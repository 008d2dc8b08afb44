import Execution
import Settings

extension ConnectionDefaults {
  /// Takes what `ansible.cfg` and its environment variables say.
  mutating func apply(_ settings: Settings) {
    if let user = settings.remoteUser { self.user = user }
    if let key = settings.privateKeyFile { privateKeyFile = key }
    if let port = settings.remotePort { self.port = port }
    if let checks = settings.hostKeyChecking { checksHostKey = checks }
    if let seconds = settings.timeout { connectTimeout = .seconds(seconds) }
    if let transport = settings.transport { connection = transport }
    if let folder = settings.remoteTemporaryFolder { remoteTemporaryFolder = folder }
    sshArguments = settings.sshArguments
    if let becomes = settings.become { self.becomes = becomes }
    if let user = settings.becomeUser { becomeUser = user }
    if let method = settings.becomeMethod { becomeMethod = method }
    if let flags = settings.becomeFlags { becomeFlags = flags }
    if let executable = settings.becomeExecutable { becomeExecutable = executable }
  }
}
