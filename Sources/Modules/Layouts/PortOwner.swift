/// A program that needs a port of its host, or is about to look whether it is free.
package struct PortOwner: Hashable, Sendable {
  package var name: String
  package var bind: Bind

  package init(_ name: String, _ bind: Bind) {
    self.name = name
    self.bind = bind
  }
}

extension LayoutHost {
  /// Kubernetes' programs here with the ports that kubeadm gives them.
  package var kubernetesPorts: [PortOwner] {
    let own = Address("127.0.0.1")
    var owners: [PortOwner] = []
    if isPlane {
      owners += [
        PortOwner("kube-apiserver", api), PortOwner("kube-controller-manager", Bind(own, 10257)),
        PortOwner("kube-scheduler", Bind(own, 10259)),
      ]
      if hasEtcd {
        owners += [
          PortOwner("etcd", Bind(address, 2379)), PortOwner("etcd", Bind(own, 2379)),
          PortOwner("etcd", Bind(address, 2380)), PortOwner("etcd", Bind(own, 2381)),
        ]
      }
    }
    if isPlane || isWorker {
      owners += [
        PortOwner("kubelet", Bind(nil, 10250)), PortOwner("kubelet", Bind(own, 10248)),
        PortOwner("kube-proxy", Bind(nil, 10256)), PortOwner("kube-proxy", Bind(own, 10249)),
      ]
    }
    return owners
  }

  /// Ports that kubeadm's preflight wants free on every address, before it begins.
  package var preflightPorts: [PortOwner] {
    var ports: [Int] = []
    if isPlane {
      ports = [api.port, 10259, 10257, 10250] + (hasEtcd ? [2379, 2380] : [])
    } else if isWorker {
      ports = [10250]
    }
    return ports.filter { !ignoredPreflight.contains("port-\($0)") }
      .map { PortOwner("kubeadm's preflight", Bind(nil, $0)) }
  }

  /// HAProxy's listeners, where it ever runs, with the variable that sets the port and one that is usually free.
  var haproxyPorts: [(owner: PortOwner, variable: String, instead: Int)] {
    guard let haproxy, !haproxy.rests else { return [] }
    var owners = [
      (
        owner: PortOwner("HAProxy's frontend", haproxy.frontend),
        variable: "haproxy_frontend_port", instead: 8443
      )
    ]
    if let statistics = haproxy.statistics {
      owners.append(
        (
          owner: PortOwner("HAProxy's statistics", statistics),
          variable: "haproxy_stats_port", instead: 8404
        ))
    }
    return owners
  }
}
