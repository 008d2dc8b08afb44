import Diagnostics
import OrderedCollections
import Playbooks
import Templates
import Testing
import Values

/// What the tree of a playbook holds, beyond what ansible-core lists.
@Suite struct ReaderTests {
  private func reader(_ texts: [String: String]) -> PlaybookReader {
    PlaybookReader(files: Texts(texts: texts), modules: .sample, rolesPath: ["shared"])
  }

  private func tree(_ texts: [String: String]) throws -> String {
    PlaybookTree(try reader(texts).read("site.yml")).text
  }

  /// The tree of one play's tasks.
  private func tasks(_ text: String) throws -> String {
    let indented = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "    " + $0 }.joined(separator: "\n")
    let nodes = try reader(["site.yml": "- hosts: all\n  tasks:\n" + indented])
      .read("site.yml").plays[0].tasks
    return PlaybookTree(nodes).text
  }

  @Test func argumentsAreReadInAllForms() throws {
    #expect(
      try tasks(
        """
        - copy: {src: a, dest: b}
        - copy: src=a dest="b c" mode={{ mode }} content='{{ x | default("a b") }}'
        - copy:
            src: a
          args: {src: z, dest: b}
        - command: ls -l "a b"  chdir=/tmp creates={{ a + b }} x=y
        - shell: |
            echo a=b
            ls
          args: {chdir: /tmp}
        - command: "{{ cmd }}"
        - copy: "{{ arguments }}"
        - copy:
          args: "{{ arguments }}"
        - action: command ls -l
        - action: {module: copy, src: a}
        - local_action: copy src=a
        - ping:
        - include_vars: file.yml
        - shell: echo 'a\\=b' c\\=d \\=e f=g\\=h
        - copy: content=a\\=b\\nx dest="a\\"b 'c'" src=a"b c"d
        - meta: flush_handlers
        """) == """
          copy {"src": "a", "dest": "b"}
          copy {"src": "a", "dest": "b c", "mode": «{{ mode }}», "content": «{{ x | default("a b") }}»}
          copy {"dest": "b", "src": "a"}
          command free "ls -l \\"a b\\"  x=y" {"chdir": "/tmp", "creates": «{{ a + b }}»}
          shell free "echo a=b\\nls\\n" {"chdir": "/tmp"}
          command free «{{ cmd }}» {}
          copy template «{{ arguments }}» {}
          copy template «{{ arguments }}» {}
          command free "ls -l" {}
          copy {"src": "a"}
          copy {"src": "a"}
            delegate_to "localhost"
          ping -
          include_vars free "file.yml" {}
          shell free "echo 'a=b' c=d =e f=g\\\\=h" {}
          copy {"content": "a\\\\=b\\nx", "dest": "a\\"b 'c'", "src": "a\\"b c\\"d"}
          meta free "flush_handlers" {}

          """)
  }

  @Test func keywordsKeepTheirValues() throws {
    #expect(
      try tasks(
        """
        - name: all of them
          command: ls
          become: yes
          become_user: "{{ user }}"
          when: [a, "{{ b }}", true]
          tags: x,y
          register: out
          loop: "{{ list }}"
          loop_control:
            loop_var: it
            index_var: i
            label: "{{ it }}"
            pause: "3"
            extended: yes
            extended_allitems: no
            break_when: it == 1
          until: out.rc == 0
          retries: 3
          delay: 1
          changed_when: false
          failed_when: [a, b]
          notify: [one, "{{ two }}"]
          delegate_to: other
          delegate_facts: true
          run_once: true
          environment: {A: b}
          async: 10
          poll: 0
        """) == """
          "all of them": command free "ls" {} | when ["a", "{{ b }}", "True"], tags ["x", "y"], \
          become true, become_user «{{ user }}», run_once true, environment ["{\\"A\\": \\"b\\"}"]
            loop over «{{ list }}» as it index i label «{{ it }}» pause 3 extended without all items \
          break_when ["it == 1"]
            register out
            until ["out.rc == 0"]
            changed_when ["False"]
            failed_when ["a", "b"]
            retries 3
            delay 1
            async 10
            poll 0
            delegate_to "other"
            delegate_facts true
            notify ["\\"one\\"", "«{{ two }}»"]

          """)
  }

  @Test func blocksGiveToTheirTasksWhatTheseLack() throws {
    #expect(
      try tasks(
        """
        - block:
            - command: one
            - command: two
              delegate_to: own
              notify: own
          rescue:
            - command: three
          delegate_to: other
          notify: all
          become: true
        """) == """
          block | become true
            command free "one" {}
              delegate_to "other"
              notify ["\\"all\\""]
            command free "two" {}
              delegate_to "own"
              notify ["\\"all\\"", "\\"own\\""]
          rescue
            command free "three" {}
              delegate_to "other"
              notify ["\\"all\\""]

          """)
  }

  @Test func rolesBringWhatTheyNeedFirstAndOnce() throws {
    #expect(
      try tree([
        "site.yml": """
        - hosts: all
          roles:
            - {role: web, port_number: 80, when: a, become: true}
            - common
        """,
        "roles/web/meta/main.yml": "dependencies: [{role: common, level: 1, when: b}, common]",
        "roles/web/tasks/main.yml": "- command: web",
        "roles/web/handlers/main.yml": "- {name: restart, command: r, listen: [web changes]}",
        "roles/web/defaults/main.yml": "port_number: 8080\nodd-name: 1",
        "shared/common/vars/main/b.yml": "x: 2",
        "shared/common/vars/main/a.yml": "x: 1\ny: \"{{ x }}\"",
        "shared/common/tasks/main.yml": "- command: common",
      ]) == """
        play - on "all"
          role common {port_number: 80, level: 1} | when ["a", "b"], become true
            vars {x: 2, y: «{{ x }}»}
            command free "common" {}
          role common {port_number: 80} | when ["a"], become true
            vars {x: 2, y: «{{ x }}»}
            command free "common" {}
          role web {port_number: 80} | when ["a"], become true
            defaults {port_number: 8080, odd-name: 1}
            command free "web" {}
            handlers
              "restart": command free "r" {}
                listen ["web changes"]
          role common again
            vars {x: 2, y: «{{ x }}»}
            command free "common" {}

        """)
  }

  @Test func importsCarryTheirKeywords() throws {
    #expect(
      try tree([
        "site.yml": """
        - hosts: all
          tasks:
            - import_tasks: more.yml
              vars: {a: 1}
              when: c
              tags: t
            - import_role: {name: r, tasks_from: part, defaults_from: other}
              become: true
        """,
        "more.yml": "- command: more\n  when: d",
        "roles/r/meta/main.yml": "dependencies: [dep]",
        "roles/dep/tasks/main.yml": "- command: dep",
        "roles/r/tasks/part.yml": "- command: part",
        "roles/r/defaults/other.yml": "x: 1",
        "roles/r/handlers/main.yml": "- {name: h, command: h}",
      ]) == """
        play - on "all"
          tasks
            block | vars {a: 1}, when ["c"], tags ["t"]
              command free "more" {} | when ["d"]
            block of dep it needs | become true
              command free "dep" {}
            block of r | become true
              command free "part" {}
          handlers
            block of r | become true
              "h": command free "h" {}

        """)
  }

  @Test func includesAreReadWhenTheyAreReached() throws {
    let reader = reader([
      "site.yml": """
      - hosts: all
        roles: [r]
      """,
      "roles/r/tasks/main.yml": """
      - include_tasks:
          file: "{{ which }}.yml"
          apply: {become: true, tags: applied}
        vars: {v: 1}
        when: a
        tags: own
      - include_role: {name: s}
        when: b
      """,
      "roles/r/tasks/part.yml": "- command: part\n- import_tasks: beside.yml",
      "roles/r/tasks/beside.yml": "- command: beside",
      "roles/s/tasks/main.yml": "- command: s",
      "roles/s/handlers/main.yml": "- {name: h, command: h}",
      "roles/s/meta/main.yml": "dependencies: [t]",
      "roles/t/tasks/main.yml": "- command: t",
    ])
    let tasks = try reader.read("site.yml").plays[0].roles[0].tasks
    guard case .task(let includeTasks) = tasks[0], case .task(let includeRole) = tasks[1] else {
      Issue.record("includes must stay tasks")
      return
    }
    let included = try reader.includeTasks("part.yml", for: includeTasks, playFolder: ".")
    #expect(
      PlaybookTree(included.tasks).text == """
        block of r | vars {v: 1}, tags ["applied"], become true
          command free "part" {}
          block of r
            command free "beside" {}

        """)
    let role = try reader.includeRole(
      "s", parts: RoleParts(), for: includeRole, playFolder: ".")
    #expect(
      PlaybookTree(role.tasks).text == """
        block of t it needs
          command free "t" {}
        block of s
          command free "s" {}

        """)
    #expect(
      PlaybookTree(role.handlers).text == """
        block of s
          "h": command free "h" {}

        """)
    #expect(role.role?.name == "s" && role.role?.dependencies.map(\.name) == ["t"])
    #expect(throws: Diagnostics.self) {
      try reader.includeTasks("nowhere.yml", for: includeTasks, playFolder: ".")
    }
  }

  @Test func importsMayUseWhatIsKnownBeforeTheRun() throws {
    var reader = reader([
      "site.yml": "- hosts: all\n  tasks:\n    - import_tasks: \"{{ os }}.yml\"\n",
      "debian.yml": "- command: debian",
    ])
    #expect(throws: Diagnostics.self) { try reader.read("site.yml") }
    reader.extraVariables = ["os": "debian"]
    let tasks = try reader.read("site.yml").plays[0].tasks
    #expect(PlaybookTree(tasks).text == "block\n  command free \"debian\" {}\n")
  }

  @Test func innerKeywordsWinAndConditionsAddUp() {
    let place = SourceRange.synthesized("test")
    func condition(_ text: String) -> Condition {
      Condition(text: text, expression: .literal(true, place), at: place)
    }
    var outer = Keywords()
    outer.variables = ["a": .literal(1, place), "b": .literal(1, place)]
    outer.when = [condition("outer")]
    outer.tags = ["x", "y"]
    outer.become = .literal(true, place)
    outer.becomeUser = .literal("root", place)
    outer.environment = [.literal("outer", place)]
    var inner = Keywords()
    inner.variables = ["b": .literal(2, place)]
    inner.when = [condition("inner")]
    inner.tags = ["y", "z"]
    inner.become = .literal(false, place)
    inner.environment = [.literal("inner", place)]
    #expect(
      inner.inheriting(from: outer).shown
        == #" | vars {a: 1, b: 2}, when ["outer", "inner"], tags ["x", "y", "z"], become false, "#
        + #"become_user "root", environment ["\"outer\"", "\"inner\""]"#)
  }

  @Test func playsKeepTheirKeywords() throws {
    #expect(
      try tree([
        "site.yml": """
        - hosts: [a, "{{ b }}"]
          name: one
          id: first
          strategy: ansible.builtin.free
          serial: [1, 50%]
          vars_prompt: [{name: secret}]
        - hosts: all
          needs: first
        """
      ]) == """
        play one on ["a", «{{ b }}»]
          strategy free
          serial ["1", "\\"50%\\""]
          asks for secret
        play - on "all"
          needs ["first"]

        """)
  }

  /// Whatever text a module is given, reading it ends, and keeps or refuses it.
  @Test func anyTextOfArgumentsIsRead() throws {
    var random = SplitMix(state: 7)
    let pieces = [
      "a", "=", " ", "\\", "\"", "'", "{{", "}}", "{%", "%}", "{#", "#}", "\n", "creates=", "é",
    ]
    for _ in 0..<2_000 {
      let text = (0..<12).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
      let quoted = text.replacing("'", with: "''").replacing("\n", with: "\n\n    ")
      do throws(Diagnostics) {
        let book = try reader(["site.yml": "- hosts: all\n  tasks:\n  - command: 'x \(quoted)'"])
          .read("site.yml")
        #expect(book.plays[0].tasks.count == 1)
      } catch {
        #expect(!error.all.isEmpty)
      }
    }
  }
}

/// A small generator with a seed, so that a failure comes again.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
