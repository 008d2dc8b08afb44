import ArgumentParser
import Diagnostics
import Execution

/// What `plan` and `apply` take: `ansible-playbook`'s options under their names, and our own.
struct RunArguments: ParsableArguments {
  @Argument(help: "The playbook.")
  var playbook: String

  @OptionGroup var inventory: InventoryArguments

  @Option(
    name: [.customShort("t"), .long],
    help: "Run only tasks with one of these tags (comma-separated; may be repeated).")
  var tags: [String] = []

  @Option(name: .customLong("skip-tags"), help: "Leave out tasks with one of these tags.")
  var skipTags: [String] = []

  @OptionGroup var connection: ConnectionArguments

  @Flag(name: .customLong("lab"), help: "Run on throw-away twins of the hosts, on this machine.")
  var usesLab = false

  @Option(
    help: "Only this part of the hosts, such as 3/8; `report merge` joins the parts' --json output."
  )
  var shard: String?

  @Option(help: "How many hosts are worked on at the same time.")
  var forks: Int?

  @Flag(name: .customShort("v"), help: "Show more: -v satisfied steps and actions, -vv results.")
  var verbosity: Int

  @Flag(
    name: [.customShort("D"), .customLong("diff")], inversion: .prefixedNo,
    help: "Show differences.")
  var showsDifferences = true

  @Flag(name: .customLong("json"), help: "Print events as JSON, one a line.")
  var isJSON = false

  @Flag(name: .customLong("no-color"), help: "No colours, even on a terminal.")
  var hasNoColour = false

  /// What `--shard` says.
  func part() throws(Diagnostics) -> Shard? {
    try shard.map { (text) throws(Diagnostics) in try Shard(text) }
  }
}

/// Where hosts and variables come from.
struct InventoryArguments: ParsableArguments {
  @Option(
    name: [.short, .customLong("inventory")],
    help: "An inventory file or folder, or hosts `a,b,` (may be repeated).")
  var inventory: [String] = []

  @Option(name: [.short, .long], help: "Only hosts that this pattern matches.")
  var limit: String?

  @Option(
    name: [.short, .customLong("extra-vars")],
    help: "Variables that win over all: key=value, YAML, JSON, or @file (may be repeated).")
  var extraVars: [String] = []

  @Option(
    name: [.customLong("vault-password-file"), .customLong("vault-pass-file")],
    help: "A file with the vault password, or a program that prints it (may be repeated).")
  var vaultPasswordFiles: [String] = []

  @Option(name: .customLong("vault-id"), help: "`label@file` (may be repeated).")
  var vaultIDs: [String] = []

  @Flag(
    name: [.customShort("J"), .customLong("ask-vault-pass"), .customLong("ask-vault-password")],
    help: "Ask for the vault password.")
  var asksVaultPassword = false
}

/// How hosts are reached.
struct ConnectionArguments: ParsableArguments {
  @Option(name: [.short, .customLong("user")], help: "Log in as this user.")
  var user: String?

  @Option(
    name: [.customLong("private-key"), .customLong("key-file")],
    help: "Log in with this private key.")
  var privateKey: String?

  @Flag(name: [.customShort("b"), .customLong("become")], help: "Act as another user.")
  var becomes = false

  @Option(name: .customLong("become-user"), help: "The user to act as (root).")
  var becomeUser: String?

  @Option(name: .customLong("become-method"), help: "sudo, su or doas.")
  var becomeMethod: String?

  @Flag(name: [.customShort("k"), .customLong("ask-pass")], help: "Ask for the login password.")
  var asksPassword = false

  @Flag(
    name: [.customShort("K"), .customLong("ask-become-pass")], help: "Ask for become's password.")
  var asksBecomePassword = false

  @Option(name: [.customShort("T"), .long], help: "Seconds that a connection may take.")
  var timeout: Int?

  @Option(name: [.short, .customLong("connection")], help: "ssh, openssh or local.")
  var connection: String?
}
