// swift-tools-version: 6.2

import PackageDescription

/// What every target is compiled with: Swift 6 mode, explicit imports, no warning left standing.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// The targets so far, in the order of the data's way.
var targets: [Target] = []

/// Declares a target. It may use only the targets declared above it, so this file is the layering.
@MainActor
func target(
  _ name: String, in stage: String, uses: [String] = [], external: [Target.Dependency] = []
) {
  checkLayering(name, uses)
  targets.append(
    .target(
      name: name, dependencies: uses.map { .byName(name: $0) } + external,
      path: "Sources/\(stage)/\(name)", swiftSettings: strict))
}

/// Declares a target of tests, in `Tests/<name>`; `data` are its folders of cases.
@MainActor
func tests(_ name: String, uses: [String], external: [Target.Dependency] = [], data: [String] = [])
{
  checkLayering(name, uses)
  targets.append(
    .testTarget(
      name: name, dependencies: uses.map { .byName(name: $0) } + external,
      path: "Tests/\(name)", exclude: data, swiftSettings: strict))
}

/// Declares a C library of the system, found by pkg-config.
@MainActor
func system(_ name: String, in stage: String, pkgConfig: String, package: String) {
  targets.append(
    .systemLibrary(
      name: name, path: "Sources/\(stage)/\(name)", pkgConfig: pkgConfig,
      providers: [.apt([package])]))
}

@MainActor
func checkLayering(_ name: String, _ uses: [String]) {
  for used in uses where !targets.contains(where: { $0.name == used }) {
    fatalError("\(name) can't use \(used): it isn't declared above it")
  }
}

let collections = Target.Dependency.product(
  name: "OrderedCollections", package: "swift-collections")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

// MARK: 1 Language — text becomes values

/// Places in texts, and errors about them that say what to do.
target("Diagnostics", in: "Language")
/// Data as playbooks know it, with what is unknown and what is secret.
target("Values", in: "Language", external: [collections])
/// libcrypto and PCRE2, each behind one small target.
system("CCrypto", in: "Language", pkgConfig: "libcrypto", package: "libssl-dev")
system("CCrypt", in: "Language", pkgConfig: "libcrypt", package: "libcrypt-dev")
target("Cryptography", in: "Language", uses: ["CCrypto", "CCrypt"])
system("CPCRE2", in: "Language", pkgConfig: "libpcre2-8", package: "libpcre2-dev")
target("RegularExpressions", in: "Language", uses: ["CPCRE2"])
/// Jinja2: written text becomes an `Expression`, and in a scope a `Value`.
target(
  "Templates", in: "Language",
  uses: ["Diagnostics", "Values", "Cryptography", "RegularExpressions"], external: [collections])
/// YAML, INI and vault files become `Expression`s.
target(
  "Documents", in: "Language", uses: ["Diagnostics", "Values", "Cryptography", "Templates"],
  external: [collections, yams])

// MARK: 2 Model — what people meant

/// `ansible.cfg` and the environment variables that override it.
target(
  "Settings", in: "Model", uses: ["Diagnostics", "Values", "Templates", "Documents"])
/// Hosts, groups and the patterns that choose among them.
target(
  "Inventories", in: "Model",
  uses: [
    "Diagnostics", "Values", "RegularExpressions", "Templates", "Documents",
  ], external: [collections])
/// Plays, roles, blocks and tasks, read and checked.
target(
  "Playbooks", in: "Model", uses: ["Diagnostics", "Values", "Templates", "Documents"],
  external: [collections])
/// Which of a variable's many definitions wins on a host.
target(
  "Variables", in: "Model",
  uses: ["Diagnostics", "Values", "Templates", "Documents", "Inventories", "Playbooks"],
  external: [collections])

// MARK: 3 Modules — what can be done to a host

/// What can be asked of a host and done to it, without saying how it is reached.
target("Hosts", in: "Modules")
/// What a module is: a probe, a difference, actions.
target(
  "ModuleKit", in: "Modules", uses: ["Diagnostics", "Values", "Hosts"], external: [collections])
/// Who listens where around a virtual address, and what can't work: rules, and nothing looked at.
target("Layouts", in: "Modules")
/// How a cluster stands: questions to its hosts, findings, and failures made on purpose.
target(
  "Inspection", in: "Modules", uses: ["Values", "Cryptography", "Hosts", "Layouts"])
/// The modules that ship.
target(
  "Modules", in: "Modules",
  uses: [
    "Diagnostics", "Values", "Cryptography", "RegularExpressions", "Hosts", "ModuleKit", "Layouts",
  ],
  external: [collections])

// MARK: 4 Plan — who, what, after what

/// A graph that knows nothing of its nodes, and the schedule of a walk over it.
target("Graphs", in: "Plan", external: [collections])
/// A playbook and an inventory become a graph of steps.
target(
  "Planning", in: "Plan",
  uses: [
    "Diagnostics", "Values", "Templates", "Documents", "Inventories", "Playbooks", "Variables",
    "ModuleKit", "Graphs",
  ], external: [collections])

// MARK: 5 Run — one walk for plan and apply

/// Walks the graph: looks, decides, and (in an apply) acts.
target(
  "Execution", in: "Run",
  uses: [
    "Diagnostics", "Values", "Cryptography", "Templates", "Documents", "Inventories", "Playbooks",
    "Variables",
    "Hosts", "ModuleKit", "Graphs", "Planning",
  ], external: [collections])
system("CSSH2", in: "Run", pkgConfig: "libssh2", package: "libssh2-1-dev")
system("CZlib", in: "Run", pkgConfig: "zlib", package: "zlib1g-dev")
/// SSH by libssh2 on event loops, and this machine, behind the same framed shell.
target(
  "Transports", in: "Run",
  uses: ["Diagnostics", "CCrypto", "Cryptography", "Hosts", "CSSH2", "CZlib"],
  external: [nioCore, nioPosix])

// MARK: 6 Report — what people see

/// Run events and plans as text and JSON.
target(
  "Reports", in: "Report",
  uses: [
    "Diagnostics", "Values", "Playbooks", "Hosts", "ModuleKit", "Graphs", "Planning", "Execution",
  ], external: [collections])

// MARK: 7 Lab — throw-away twins of hosts

/// Containers with systemd and sshd in a network of their own.
target("Labs", in: "Lab", uses: ["Diagnostics"])

// MARK: 8 Command — the program

checkLayering("orchestrate", ["Labs", "Reports", "Transports", "Execution", "Modules", "Settings"])
targets.append(
  .executableTarget(
    name: "orchestrate",
    dependencies: [
      "Diagnostics", "Values", "Cryptography", "Templates", "Documents", "Settings", "Inventories",
      "Playbooks", "Variables", "Hosts", "ModuleKit", "Layouts", "Inspection", "Modules",
      "Graphs", "Planning", "Execution", "Transports", "Reports", "Labs", argumentParser,
      collections, nioPosix, nioCore,
    ], path: "Sources/Command/orchestrate", swiftSettings: strict))

// MARK: Tests

/// What several suites of tests share: hosts in memory, case files, a shell of this machine.
checkLayering("TestSupport", ["Documents", "ModuleKit"])
targets.append(
  .target(
    name: "TestSupport",
    dependencies: [
      "Diagnostics", "Values", "Cryptography", "Templates", "Documents", "Hosts", "ModuleKit",
      collections,
    ], path: "Tests/TestSupport", swiftSettings: strict))

tests("ValuesTests", uses: ["Values"], external: [collections])
tests("CryptographyTests", uses: ["Cryptography"])
tests("RegularExpressionsTests", uses: ["RegularExpressions"])
tests(
  "TemplatesTests", uses: ["Diagnostics", "Values", "Templates"], external: [collections],
  data: ["Cases"])
tests(
  "DocumentsTests", uses: ["Diagnostics", "Values", "Cryptography", "Templates", "Documents"],
  external: [collections], data: ["Cases"])
tests(
  "SettingsTests", uses: ["Diagnostics", "Values", "Templates", "Documents", "Settings"],
  external: [collections], data: ["Cases"])
tests(
  "InventoriesTests", uses: ["Diagnostics", "Values", "Templates", "Documents", "Inventories"],
  external: [collections], data: ["Cases", "Fuzz"])
tests(
  "PlaybooksTests", uses: ["Diagnostics", "Values", "Templates", "Documents", "Playbooks"],
  external: [collections], data: ["Listings", "Mistakes"])
tests(
  "VariablesTests",
  uses: [
    "Diagnostics", "Values", "Templates", "Documents", "Inventories", "Playbooks", "Variables",
  ], external: [collections], data: ["Cases"])
tests(
  "ModulesTests",
  uses: [
    "Values", "Cryptography", "Hosts", "ModuleKit", "Modules", "Execution", "TestSupport",
  ],
  external: [collections], data: ["Cases", "Recorded", "Kubeadm"])
tests("LayoutsTests", uses: ["Layouts"])
tests("InspectionTests", uses: ["Hosts", "Layouts", "Inspection"])
tests("GraphsTests", uses: ["Graphs"])
tests(
  "TransportsTests", uses: ["Cryptography", "Hosts", "Transports"], data: ["Cases"])
tests(
  "PlanningTests",
  uses: ["Diagnostics", "Templates", "Documents", "Playbooks", "Graphs", "Planning"])
tests(
  "ExecutionTests",
  uses: [
    "Diagnostics", "Values", "Templates", "Documents", "Inventories", "Playbooks", "Variables",
    "Hosts", "ModuleKit", "Modules", "Graphs", "Planning", "Execution", "Transports", "Reports",
    "TestSupport",
  ], external: [collections], data: ["Recorded", "Precedence", "Systems"])
tests(
  "ReportsTests",
  uses: ["Diagnostics", "Values", "Hosts", "ModuleKit", "Execution", "Reports", "TestSupport"])
tests("LabsTests", uses: ["Labs"])

let package = Package(
  name: "orchestrate",
  products: [.executable(name: "orchestrate", targets: ["orchestrate"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: targets)
