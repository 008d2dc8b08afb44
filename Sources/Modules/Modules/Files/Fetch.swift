internal import Cryptography
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `fetch`: a file of the host comes to the controller.
struct Fetch: Module {
  static let documentation = ModuleDocumentation(
    name: "fetch",
    summary: "Copies a file of the host to the controller.",
    notes: [
      "It goes to `dest/HOST/PATH`; with `flat` to `dest` itself, or into it where that ends with "
        + "a slash. A file that is there already and equal isn't brought again."
    ],
    arguments: [
      ArgumentSpecification("src", .path, "The file on the host.", isRequired: true),
      ArgumentSpecification(
        "dest", .path, "The folder or file on the controller.", isRequired: true),
      ArgumentSpecification("flat", .boolean, "Use `dest` as it is.", default: false),
      ArgumentSpecification(
        "fail_on_missing", .boolean, "Fail where there is no such file.", default: true),
      ArgumentSpecification(
        "validate_checksum", .boolean, "Compare digests after copying.", default: true),
    ],
    results: [
      ("dest", "Where the file is now."), ("checksum", "Its SHA-1."),
      ("remote_checksum", "The SHA-1 of the host's file."),
    ],
    example: """
      - fetch:
          src: /etc/kubernetes/admin.conf
          dest: kubeconfig/
          flat: true
      """)

  private let source: String
  private let dest: String
  private let isFlat: Bool
  private let failsOnMissing: Bool
  private let context: ModuleContext

  init(_ arguments: Arguments) throws(ArgumentError) {
    source = try arguments.requiredString("src")
    dest = try arguments.requiredString("dest")
    isFlat = try arguments.boolean("flat") ?? false
    failsOnMissing = try arguments.boolean("fail_on_missing") ?? true
    _ = try arguments.boolean("validate_checksum")
    context = arguments.context
    if isFlat, !dest.hasSuffix("/"), context.files.isFolder(dest) == true {
      throw ArgumentError(
        argument: "dest",
        "dest is an existing directory, use a trailing slash if you want to fetch "
          + "src into that directory")
    }
  }

  var probe: Probe<ResolvedFile> {
    RemotePath.probe(source) { source in
      let question = FileQuestion(path: source, wantsDigest: true)
      return Probe(.file(question, isObserved: true)).map { ResolvedFile(path: source, status: $0) }
    }
  }

  func diff(from current: ResolvedFile) -> Change {
    let (path, status) = (current.path, current.status)
    guard status.kind == .file else {
      let message =
        status.exists
        ? "the remote file is a directory, fetch cannot work on directories"
        : "the remote file does not exist, not transferring, ignored"
      if failsOnMissing {
        return .failed(status.exists ? message : "the remote file does not exist: \(path)")
      }
      return .satisfied(["msg": .string(message), "file": .string(path)])
    }
    let place = self.place(of: path)
    let local = try? context.files.read(place).bytes
    if let local, SHA256.hex(local) == status.sha256 {
      return .satisfied(result(place, path, local))
    }
    let download = Action(
      .download(path: path), touches: [], summary: "fetch \(path) to \(place)")
    return Change(
      differences: [
        Difference(
          place,
          .attribute(
            before: local == nil ? "(absent)" : "other content", after: "\(status.size) bytes"))
      ],
      actions: [download], reason: local == nil ? "file missing" : "content differs",
      result: ["dest": .string(place), "file": .string(path)],
      unknownResults: ["checksum", "md5sum", "remote_checksum"]
    ) { outputs in
      let bytes = outputs.first?.standardOutput ?? []
      if SHA256.hex(bytes) != status.sha256 {
        return Completion(failure: "\(path) changed while it was fetched")
      }
      return Completion(
        result: result(place, path, bytes), effects: [.saveFile(path: place, content: bytes)])
    }
  }

  private func place(of path: String) -> String {
    if isFlat { return dest.hasSuffix("/") ? dest + RemotePath.baseName(path) : dest }
    return RemotePath.withoutFinalSlash(dest) + "/" + context.host
      + (path.hasPrefix("/") ? "" : "/")
      + path
  }

  private func result(
    _ place: String, _ path: String, _ bytes: [UInt8]
  ) -> OrderedDictionary<String, Value> {
    let digest = Value.string(SHA1.hex(bytes))
    return [
      "dest": .string(place), "file": .string(path), "checksum": digest,
      "remote_checksum": digest, "md5sum": .string(MD5.hex(bytes)),
    ]
  }
}
