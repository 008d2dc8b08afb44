package import ModuleKit
internal import OrderedCollections
package import Values

/// How a node enters a cluster: what init and join have in common.
package struct KubeadmRegistration: Hashable, Sendable {
  package var nodeName: String?
  package var advertiseAddress: String?
  package var bindPort: Int?
  package var criSocket: String?
  package var kubeletArguments: Value?
  package var taints: Value?
  package var ignoredChecks: [String]
  package var skippedPhases: [String]
  package var patches: String?

  package init(_ arguments: Arguments) throws(ArgumentError) {
    nodeName = try arguments.string("node_name")
    advertiseAddress = try arguments.string("advertise_address")
    bindPort = try arguments.integer("bind_port")
    criSocket = try arguments.string("cri_socket")
    kubeletArguments = try arguments.dictionary("kubelet_extra_args").map { .object($0) }
    taints = arguments.value("taints")?.unmarkedDeeply()
    ignoredChecks = try arguments.strings("ignore_preflight_errors") ?? []
    skippedPhases = try arguments.strings("skip_phases") ?? []
    patches = try arguments.string("patches")
  }

  /// Puts it into a document of kubeadm's, under what the user gives there.
  package func fill(_ document: inout KubeadmDocument, for version: KubeadmVersion) {
    document.setDefault(["nodeRegistration", "name"], nodeName.map { .string($0) })
    document.setDefault(
      ["nodeRegistration", "criSocket"], criSocket.map { .string(Self.socket($0, version)) })
    document.setDefault(["nodeRegistration", "kubeletExtraArgs"], kubeletArguments)
    document.setDefault(["nodeRegistration", "taints"], taints)
  }

  /// The apiserver's own address and port, under a path of a document.
  package func fillEndpoint(_ document: inout KubeadmDocument, at path: [String]) {
    document.setDefault(
      path + ["advertiseAddress"], advertiseAddress.map { .string($0) })
    document.setDefault(path + ["bindPort"], bindPort.map { .int($0) })
  }

  /// From 1.24 on a socket is a URL.
  private static func socket(_ socket: String, _ version: KubeadmVersion) -> String {
    version.isAtLeast(1, 24) && socket.hasPrefix("/") ? "unix://" + socket : socket
  }

  /// The flags that kubeadm takes beside a configuration.
  package func options(for version: KubeadmVersion, ignoring more: [String] = []) -> [String] {
    var options: [String] = []
    // `all` stands alone.
    let checks = ignoredChecks.contains("all") ? ["all"] : ignoredChecks + more
    if !checks.isEmpty {
      options.append("--ignore-preflight-errors=" + checks.joined(separator: ","))
    }
    if !skippedPhases.isEmpty {
      options.append("--skip-phases=" + skippedPhases.joined(separator: ","))
    }
    if let patches {
      options.append(
        (version.isAtLeast(1, 22) ? "--patches=" : "--experimental-patches=") + patches)
    }
    return options
  }
}

/// Secrets of kubeadm's, checked before anything is done with them.
package enum KubeadmSecret {
  /// A certificate key: 64 hexadecimal digits; nil where none is given.
  package static func certificateKey(_ arguments: Arguments) throws(ArgumentError) -> String? {
    guard let key = try arguments.string("certificate_key") else { return nil }
    let isRight = key.utf8.count == 64 && key.allSatisfy { $0.isHexDigit && $0.isASCII }
    if !isRight, !arguments.isUnknown("certificate_key") {
      throw ArgumentError(
        argument: "certificate_key", "`certificate_key` must have 64 hexadecimal digits")
    }
    return key
  }

  /// A bootstrap token; nil where none is given.
  package static func token(_ arguments: Arguments) throws(ArgumentError) -> String? {
    guard let token = try arguments.string("token") else { return nil }
    if arguments.isUnknown("token") { return token }
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = token.utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0) || $0 == 46
    }
    if parts.count != 2 || parts[0].count != 6 || parts[1].count != 16 || !isPlain {
      throw ArgumentError(
        argument: "token", "`token` must look like [a-z0-9]{6}.[a-z0-9]{16}")
    }
    return token
  }
}
