/// A release of kubeadm, and what its configuration looks like.
package struct KubeadmVersion: Hashable, Sendable, Comparable {
  package var major: Int
  package var minor: Int
  /// As kubeadm says it: `v1.20.2`.
  package var text: String

  /// Reads what `kubeadm version -o short` says; nil where it is no version.
  package init?(_ text: String) {
    let numbers = text.drop { $0 == "v" }.split(whereSeparator: { $0 == "." || $0 == "-" })
    guard numbers.count >= 2, let major = Int(numbers[0]), let minor = Int(numbers[1]) else {
      return nil
    }
    self.major = major
    self.minor = minor
    self.text = text
  }

  package static func < (left: KubeadmVersion, right: KubeadmVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  package func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
    (self.major, self.minor) >= (major, minor)
  }

  /// The newest configuration version that it reads; nil where it is too old for any of ours.
  ///
  /// v1beta2 came with 1.15, v1beta3 with 1.22, v1beta4 with 1.31.
  package var configuration: KubeadmConfigurationVersion? {
    if isAtLeast(1, 31) { return .v1beta4 }
    if isAtLeast(1, 22) { return .v1beta3 }
    return isAtLeast(1, 15) ? .v1beta2 : nil
  }
}

/// A version of kubeadm's configuration.
package enum KubeadmConfigurationVersion: String, Hashable, Sendable, CaseIterable {
  case v1beta2, v1beta3, v1beta4

  package var apiVersion: String { "kubeadm.k8s.io/\(rawValue)" }

  /// Arguments of components are lists of name and value, and time-outs a part of their own.
  package var hasArgumentLists: Bool { self == .v1beta4 }
}
