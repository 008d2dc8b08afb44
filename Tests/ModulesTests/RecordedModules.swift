import Foundation
import Hosts
import ModuleKit
import Modules
import OrderedCollections
import TestSupport
import Testing
import Values

/// A case that ansible-core ran, too: `Scripts/record-modules` wrote what came of it.
struct RecordedModule: Sendable, CustomStringConvertible {
  let module: String
  let data: Value
  let answer: Value

  var claim: String { data["claim"]?.text ?? "?" }
  var description: String { "\(module) \(claim)" }

  static let all: [RecordedModule] = {
    let folder = CaseFolder("Recorded")
    return folder.names(endingIn: ".yml").flatMap { name -> [RecordedModule] in
      let module = String(name.dropLast(4))
      do {
        let cases = try PlainData.read("\(folder.path)/\(name)").items ?? []
        let record = (try? PlainData.read("\(folder.path)/\(module).json")) ?? .null
        return cases.map { data in
          let claim = data["claim"]?.text ?? "?"
          return RecordedModule(
            module: module, data: data, answer: record["answers"]?[claim] ?? .null)
        }
      } catch { fatalError("\(name): \(error)") }
    }
  }()
}

/// The modules' shell, run by this machine's shells, leaves what ansible-core leaves.
@Suite struct RecordedModules {
  @Test func thereAreCases() { #expect(RecordedModule.all.count > 100) }

  @Test(arguments: RecordedModule.all)
  func leavesWhatAnsibleLeaves(_ recorded: RecordedModule) throws {
    try #require(recorded.answer != .null, "run Scripts/record-modules")
    for (index, shell) in LocalShell.all.enumerated() {
      // Whether a second run changes anything depends on no shell; once is enough.
      try check(recorded, shell, runsAgain: index == 0)
    }
  }

  private func check(
    _ recorded: RecordedModule, _ shell: LocalShell, runsAgain: Bool
  ) throws {
    let work = FileManager.default.temporaryDirectory.appending(path: "m-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: work) }
    let scratch = Scratch(folder: work.path)
    try scratch.make(recorded.data["before"])
    let first = try run(recorded, scratch, shell)
    let answer = recorded.answer
    let place: Comment = "\(recorded) in \(shell): \(first.failure ?? "")"
    #expect(.bool(first.failure != nil) == answer["failed"], place)
    #expect(try scratch.tree == Scratch.sorted(answer["tree"]?.entries ?? []), place)
    guard first.failure == nil || recorded.data["keep"] != nil else { return }
    #expect(.bool(first.changed) == answer["changed"], place)
    for (key, value) in answer["result"]?.entries ?? [] {
      // The executor registers a failure as `msg`.
      let failure = key == "msg" ? first.failure.map { Value.string($0) } : nil
      let ours = (first.result[key] ?? failure).map(scratch.hidden)
      #expect(Self.says(ours, value), "\(key) of \(recorded) in \(shell)")
    }
    guard first.failure == nil, runsAgain else { return }
    let second = try run(recorded, scratch, shell)
    #expect(.bool(second.changed) == answer["again"], "again: \(place)")
  }

  /// Whether ours holds all that ansible-core's does; files of a list may come in another order.
  private static func says(_ ours: Value?, _ theirs: Value) -> Bool {
    if let entries = theirs.entries { return entries.allSatisfy { says(ours?[$0.key], $0.value) } }
    guard let items = theirs.items else { return ours == theirs }
    let mine = ours?.items ?? []
    return mine.count == items.count
      && items.allSatisfy { item in mine.contains { says($0, item) } }
  }

  private struct Outcome {
    var changed: Bool
    var failure: String?
    var result: OrderedDictionary<String, Value>
  }

  private func run(
    _ recorded: RecordedModule, _ scratch: Scratch, _ shell: LocalShell
  ) throws -> Outcome {
    var files = MemoryFiles()
    for (name, content) in recorded.data["controller"]?.entries ?? [] {
      files.contents[name] = Array((content.text ?? "").utf8)
    }
    var arguments: OrderedDictionary<String, Value> = [:]
    for (key, value) in recorded.data["arguments"]?.entries ?? [] {
      arguments[key] = scratch.placed(value)
    }
    let module: AnyModule
    do {
      let entry = try #require(ShippedModules.registry[recorded.module])
      let context = ModuleContext(host: "localhost", isPlan: false, files: files)
      module = try entry.make(Arguments(arguments, for: entry.documentation, in: context))
    } catch let error as ArgumentError {
      return Outcome(changed: false, failure: error.message, result: [:])
    }
    let change = try shell.look(module.probe)
    if let failure = change.failure {
      return Outcome(changed: false, failure: failure, result: change.result)
    }
    var outputs: [CommandOutput] = []
    for action in change.actions {
      outputs.append(try shell.perform(action))
      if outputs.last?.status != 0 { break }
    }
    let end = change.finish(outputs)
    var failure =
      end.failure ?? change.timeoutFailure
      ?? change.waitsFor.map { "Timeout when waiting for \($0)" }
    if failure == nil, let last = outputs.last, last.status != 0, !change.isOpaque {
      failure = "\(change.actions[outputs.count - 1].summary): \(last.errorText)"
    }
    let changed = end.changed ?? (failure == nil && change.counts && !change.actions.isEmpty)
    return Outcome(
      changed: changed, failure: failure,
      result: change.result.merging(end.result) { $1 })
  }
}

/// A folder of a case's own.
private struct Scratch {
  let folder: String

  /// Makes what a case finds.
  func make(_ tree: Value?) throws {
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, item) in tree?.entries ?? [] {
      let path = "\(folder)/\(name)"
      let parent = URL(filePath: path).deletingLastPathComponent()
      try manager.createDirectory(at: parent, withIntermediateDirectories: true)
      if let target = item["link"]?.text {
        try manager.createSymbolicLink(atPath: path, withDestinationPath: target)
        continue
      }
      let isFolder = item["folder"] == true
      if isFolder {
        try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
      } else {
        let content = item.text ?? item["content"]?.text ?? ""
        let archive = item["base64"]?.text.flatMap { Data(base64Encoded: $0) }
        try (archive ?? Data(content.utf8)).write(to: URL(filePath: path))
      }
      let mode = Int(item["mode"]?.text ?? (isFolder ? "755" : "644"), radix: 8)
      try manager.setAttributes([.posixPermissions: mode ?? 0], ofItemAtPath: path)
    }
  }

  /// What the folder holds, as the script describes it.
  var tree: Value {
    get throws {
      let manager = FileManager.default
      var found: [(key: String, value: Value)] = []
      for name in try manager.subpathsOfDirectory(atPath: folder) {
        let path = "\(folder)/\(name)"
        let attributes = try manager.attributesOfItem(atPath: path)
        let mode = String((attributes[.posixPermissions] as? Int ?? 0) & 0o7777, radix: 8)
        let shown = name.replacing(/\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/, with: ".BACKUP")
        switch attributes[.type] as? FileAttributeType {
        case .typeSymbolicLink?:
          let target = try manager.destinationOfSymbolicLink(atPath: path)
          found.append((shown, ["link": hidden(.string(target))]))
        case .typeDirectory?: found.append((shown, ["folder": true, "mode": .string(mode)]))
        default:
          if [".tgz", ".zip", ".tar"].contains(where: name.hasSuffix) { continue }
          let bytes = try Data(contentsOf: URL(filePath: path))
          let content = Value.string(String(decoding: bytes, as: UTF8.self))
          found.append((shown, ["content": content, "mode": .string(mode)]))
        }
      }
      return Self.sorted(found)
    }
  }

  static func sorted(_ entries: [(key: String, value: Value)]) -> Value {
    let sorted = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return .object(.init(sorted.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }))
  }

  func placed(_ value: Value) -> Value {
    switch value {
    case .string(let text): .string(text.replacing("DIR", with: folder))
    case .list(let items): .list(items.map(placed))
    default: value
    }
  }

  func hidden(_ value: Value) -> Value {
    switch value {
    case .string(let text): return .string(text.replacing(folder, with: "DIR"))
    case .list(let items): return .list(items.map(hidden))
    case .dict:
      return .object(
        .init(
          (value.entries ?? []).map { (hidden(.string($0.key)).description, hidden($0.value)) },
          uniquingKeysWith: { $1 }))
    default: return value
    }
  }
}
