internal import Cryptography
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `slurp`: a file's content as a value.
struct Slurp: Module {
  static let documentation = ModuleDocumentation(
    name: "slurp",
    summary: "Reads a file of the host into the task's result, in base 64.",
    notes: ["Files over 64 MiB are refused; `fetch` brings those."],
    arguments: [
      ArgumentSpecification(
        "src", .path, "The file on the host.", isRequired: true, aliases: ["path"])
    ],
    results: [
      ("content", "The content in base 64."), ("encoding", "`base64`."),
      ("source", "The path that was read."),
    ],
    example: """
      - slurp:
          src: /etc/kubernetes/pki/ca.crt
        register: authority
      """)

  private static let limit = 64 << 20
  private let path: String

  init(_ arguments: Arguments) throws(ArgumentError) {
    path = try arguments.requiredString("src")
  }

  var probe: Probe<ResolvedFile> {
    RemotePath.probe(path) { path in
      let question = FileQuestion(path: path, contentLimit: Self.limit)
      return Probe(.file(question, isObserved: true)).map { ResolvedFile(path: path, status: $0) }
    }
  }

  func diff(from current: ResolvedFile) -> Change {
    let status = current.status
    switch status.kind {
    case .absent, .link: return .failed("file not found: \(current.path)")
    case .directory: return .failed("source is a directory and must be a file: \(current.path)")
    case .file, .other: break
    }
    guard let content = status.content else {
      return .failed("\(current.path) is no regular file, or has more than 64 MiB")
    }
    return .satisfied([
      "content": .string(Base64.encode(content)), "encoding": "base64",
      "source": .string(current.path),
    ])
  }
}
