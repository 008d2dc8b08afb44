package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Talks to a web service.
package struct URIModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "uri", summary: "Sends a request to a web service, and checks the answer.",
    notes: [
      "The host sends it, with curl, or for plain requests with wget.",
      "Requests that only read (GET, HEAD, OPTIONS) are sent in a plan as well.",
      "`body_format: form-multipart`, `dest` and `src` aren't supported.",
    ],
    arguments: [
      ArgumentSpecification("url", .string, "Where to.", isRequired: true),
      ArgumentSpecification("method", .string, "The method.", default: "GET"),
      ArgumentSpecification("body", .any, "What to send."),
      ArgumentSpecification(
        "body_format", .string, "How `body` is written.", default: "raw",
        choices: ["form-urlencoded", "json", "raw"]),
      ArgumentSpecification("headers", .dictionary, "Headers to send.", default: [:]),
      ArgumentSpecification(
        "status_code", .list, "What the answer's status may be.", default: [200]),
      ArgumentSpecification(
        "return_content", .boolean, "Register the answer's body.", default: false),
      ArgumentSpecification(
        "validate_certs", .boolean, "Check the server's certificate.", default: true),
      ArgumentSpecification("ca_path", .path, "A file of CAs on the host."),
      ArgumentSpecification(
        "follow_redirects", .string, "Which redirections to follow.", default: "safe",
        choices: ["all", "no", "none", "safe", "urllib2", "yes"]),
      ArgumentSpecification("timeout", .integer, "Seconds that it may take.", default: 30),
      ArgumentSpecification("url_username", .string, "Login.", aliases: ["user"]),
      ArgumentSpecification(
        "url_password", .string, "Password.", aliases: ["password"], isSecret: true),
      ArgumentSpecification(
        "force_basic_auth", .boolean, "Send the login at once; it always is.", default: false),
      ArgumentSpecification("unix_socket", .path, "A socket to send it to."),
      ArgumentSpecification("creates", .path, "Where it exists, nothing is sent."),
      ArgumentSpecification("removes", .path, "Where it doesn't exist, nothing is sent."),
    ],
    results: [
      ("status", "The answer's status."), ("url", "Where the answer came from."),
      ("msg", "The status in words."), ("json", "The body, where it is JSON."),
      ("content", "The body, where it is asked for."),
      ("redirected", "Whether it came from elsewhere."),
    ],
    example: """
      - name: Ask the apiserver through the virtual IP
        ansible.builtin.uri:
          url: https://{{ vip }}:6443/healthz
          validate_certs: false
          return_content: true
        register: health
        until: health.status == 200
        retries: 30
      """)

  private let request: URIRequest
  private let accepted: [Int]
  private let returnsContent: Bool
  private let creates: String?
  private let removes: String?

  package init(_ arguments: Arguments) throws(ArgumentError) {
    request = try URIRequest(arguments)
    returnsContent = try arguments.boolean("return_content") ?? false
    creates = try arguments.string("creates")
    removes = try arguments.string("removes")
    accepted = try arguments.strings("status_code")?.compactMap { Int($0) } ?? [200]
    if accepted.isEmpty { throw arguments.mismatch("status_code", "a status or a list of them") }
  }

  /// What there is, and the answer to a request that only reads.
  package struct State: Hashable, Sendable {
    package var skipped: String?
    package var answer: URIResponse?
  }

  package var probe: Probe<State> {
    let conditions = [creates, removes].compactMap { $0 }.map {
      Query<FileStatus>.file(FileQuestion(path: $0), isObserved: true)
    }
    let (creates, removes, request) = (creates, removes, request)
    return Probe<[FileStatus]>(all: conditions).then { (found) throws(HostError) in
      if let creates, found[0].exists {
        return Probe(State(skipped: "skipped, since '\(creates)' exists"))
      }
      if let removes, !found[found.count - 1].exists {
        return Probe(State(skipped: "skipped, since '\(removes)' does not exist"))
      }
      if !request.isReading { return Probe(State()) }
      let question = Question(script: request.script, about: [.url(request.url)], isObserved: true)
      return Probe<State>(
        Query(question) { (output) throws(HostError) in
          if output.status == 9 { throw HostError(.probeFailed, output.complaint) }
          return State(answer: URIResponse(output, to: request.url))
        })
    }
  }

  package func diff(from current: State) -> Change {
    if let skipped = current.skipped { return .satisfied(["msg": .string(skipped)]) }
    if let answer = current.answer {
      let completion = completion(answer)
      return Change(result: completion.result, failure: completion.failure)
    }
    let (request, complete) = (request, completion)
    return Change(
      actions: [
        Action(
          .run(Command(request.script)), touches: [.url(request.url)],
          summary: "\(request.method) \(request.url)")
      ], reason: "it is sent each time",
      unknownResults: ["status", "msg", "json", "content", "url"],
      isOpaque: true
    ) { outputs in
      guard let output = outputs.last else { return Completion() }
      var completion = complete(URIResponse(output, to: request.url))
      // As in Ansible, where only a change of a file counts.
      completion.changed = false
      return completion
    }
  }

  private func completion(_ answer: URIResponse) -> Completion {
    var result: OrderedDictionary<String, Value> = [:]
    for (name, value) in answer.headers { result[name] = .string(value) }
    result["status"] = .int(answer.status)
    result["url"] = .string(answer.url)
    result["redirected"] = .bool(answer.url != request.url)
    let isAccepted = accepted.contains(answer.status)
    if let json = answer.json { result["json"] = json }
    if returnsContent || !isAccepted && answer.status > 0 {
      result["content"] = .string(answer.body)
    }
    if isAccepted {
      let length = answer.headers["content_length"] ?? "unknown"
      result["msg"] = .string("OK (\(length) bytes)")
      return Completion(result: result)
    }
    let wanted = accepted.map(String.init).joined(separator: ", ")
    let why =
      answer.status < 0
      ? "Request failed: \(answer.reason)" : "HTTP Error \(answer.status): \(answer.reason)"
    let message = "Status code was \(answer.status) and not [\(wanted)]: \(why)"
    result["msg"] = .string(message)
    return Completion(result: result, failure: message)
  }
}
