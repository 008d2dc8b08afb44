internal import Hosts
internal import ModuleKit
internal import Values

/// `template`: a file rendered on the controller.
struct Template: Module {
  static let documentation = ModuleDocumentation(
    name: "template",
    summary: "Renders a Jinja2 template in the task's scope and puts the result on the host.",
    notes: [
      "The template is looked for as Ansible does: in the role's `templates/`, then beside the "
        + "play. A file that already holds the result isn't sent.",
      "Where a value in the template is only known after apply, the plan shows all other lines, "
        + "and `(known after apply)` in its place; the file may turn out to be right already.",
      "A secret value is shown as `(secret)`, the lines around it as they are.",
      "Only UTF-8 is written.",
    ],
    arguments: [
      ArgumentSpecification("src", .path, "The template on the controller.", isRequired: true),
      ArgumentSpecification("dest", .path, "The file on the host, or a folder.", isRequired: true),
      ArgumentSpecification("force", .boolean, "Replace a file that differs.", default: true),
      ArgumentSpecification("follow", .boolean, "Write through a link at `dest`.", default: false),
      ArgumentSpecification(
        "newline_sequence", .string, "The end of lines.", default: "\n",
        choices: ["\n", "\r", "\r\n", "\\n", "\\r", "\\r\\n"]),
      ArgumentSpecification("block_start_string", .string, "Begins a block.", default: "{%"),
      ArgumentSpecification("block_end_string", .string, "Ends a block.", default: "%}"),
      ArgumentSpecification("variable_start_string", .string, "Begins a value.", default: "{{"),
      ArgumentSpecification("variable_end_string", .string, "Ends a value.", default: "}}"),
      ArgumentSpecification("comment_start_string", .string, "Begins a comment.", default: "{#"),
      ArgumentSpecification("comment_end_string", .string, "Ends a comment.", default: "#}"),
      ArgumentSpecification(
        "trim_blocks", .boolean, "Drop the newline after a block.", default: true),
      ArgumentSpecification(
        "lstrip_blocks", .boolean, "Drop the blanks before a block.", default: false),
      ArgumentSpecification(
        "output_encoding", .string, "How the text is written.", default: "utf-8",
        choices: ["utf-8", "UTF-8", "utf8"]),
    ] + WriteOptions.specifications,
    results: [
      ("dest", "Where the file is."), ("checksum", "SHA-1 of the rendered file."),
      ("backup_file", "The old file, where `backup` kept one."),
    ],
    example: """
      - template:
          src: haproxy.cfg.j2
          dest: /etc/haproxy/haproxy.cfg
          mode: '0644'
          validate: haproxy -c -f %s
      """)

  private static let renderOptions = [
    "newline_sequence", "block_start_string", "block_end_string", "variable_start_string",
    "variable_end_string", "comment_start_string", "comment_end_string",
  ]

  private let dest: String
  private let baseName: String
  private let isForced: Bool
  private let follows: Bool
  private let options: WriteOptions
  private let rendered: LocalContent

  init(_ arguments: Arguments) throws(ArgumentError) {
    let source = try arguments.requiredString("src")
    dest = try arguments.requiredString("dest")
    baseName = RemotePath.baseName(source)
    isForced = try arguments.boolean("force") ?? true
    follows = try arguments.boolean("follow") ?? false
    options = try WriteOptions(arguments)
    let files = arguments.context.files
    let path: String
    do { path = try files.locate(source, in: "templates") } catch {
      throw ArgumentError(argument: "src", error.message, help: error.help)
    }
    var renderOptions: [String: Value] = [:]
    for name in Self.renderOptions {
      guard let text = try arguments.string(name) else { continue }
      renderOptions[name] = .string(
        text.replacing("\\n", with: "\n").replacing("\\r", with: "\r"))
    }
    renderOptions["trim_blocks"] = .bool(try arguments.boolean("trim_blocks") ?? true)
    renderOptions["lstrip_blocks"] = .bool(try arguments.boolean("lstrip_blocks") ?? false)
    let file = try files.render(path, options: renderOptions)
    var content = try LocalContent.value(file.value, arguments)
    content.shown = file.shown
    if options.attributes.mode?.form == .preserve { content.mode = try files.mode(of: path) }
    rendered = content
  }

  var probe: Probe<Destination> {
    Destination.probe(
      dest, baseName: baseName, followsLinks: follows, comparedBy: rendered.comparison)
  }

  func diff(from current: Destination) -> Change {
    if !isForced, current.status.exists { return .satisfied(current.status.result()) }
    var file = options.file(
      current.path, rendered.content, isSecret: rendered.isSecret, sourceMode: rendered.mode)
    file.shown = rendered.shown
    return current.change(to: file)
  }
}
