import ArgumentParser

/// What `verify` and `drill` take.
struct ClusterArguments: ParsableArguments {
  @OptionGroup var inventory: InventoryArguments
  @OptionGroup var connection: ConnectionArguments

  @Option(help: "The playbook whose cluster it is; its role `layout` says what belongs where.")
  var playbook = "playbooks/ha.yaml"

  @Flag(name: .customLong("lab"), help: "Use the twins of the hosts, on this machine.")
  var usesLab = false

  @Flag(name: .customLong("json"), help: "Print one object of JSON.")
  var isJSON = false
}
