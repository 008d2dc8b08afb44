import Glibc

/// Takes labs down: on demand, when their owner ends however it ends, and what an end of the whole
/// machine left over.
///
/// The undoing is a script that lies in the lab's state before the lab makes anything, so it needs
/// neither this process nor this program.
struct LabReaper: Sendable {
  /// The state of the lab that it takes down.
  let state: LabState
  /// What the names of the lab's namespaces and control groups begin with.
  let label: String

  /// The reaper of a lab, whether or not the lab stands.
  init(state: LabState) {
    self.state = state
    label = LabSpecification(name: state.name, hosts: [], gateways: []).label
  }

  /// Writes the script down and starts the process that watches over the owner.
  func start(owner: Int32) throws(LabError) {
    try LabFiles.write(script, to: state.downPath, mode: 0o700)
    try own(owner)
    // Of a session of its own: the terminal's signals don't reach it.
    try LabCommand(["setsid", "--fork", "sh", "-c", LabReaper.watch, "lab-reaper", state.folder])
      .run()
  }

  /// Makes the process the owner, with whose end the lab ends; nil makes the lab outlive everybody.
  func own(_ owner: Int32?) throws(LabError) {
    guard let owner else {
      unlink(state.ownerPath)
      return
    }
    guard let start = LabReaper.start(of: owner) else {
      throw LabError(.wrongState, "the lab's owner, process \(owner), doesn't run")
    }
    try LabFiles.write("\(owner) \(start)\n", to: state.ownerPath, mode: 0o600)
  }

  /// Takes the lab down, and waits for it.
  func down() throws(LabError) {
    if !LabFiles.exists(state.downPath) {
      // The lab's maker was killed before it wrote the script, or the machine has started anew.
      try LabFiles.makeFolder(state.folder, mode: 0o700)
      try LabFiles.write(script, to: state.downPath, mode: 0o700)
    }
    // The script outlives this process, should that be killed meanwhile.
    try LabCommand(["setsid", "--wait", "sh", state.downPath]).run(timeout: 120)
  }

  /// Takes down the labs whose owner is gone and those that the machine's end stopped.
  static func reapStale() throws(LabError) {
    for name in LabState.names {
      let state = LabState(name: name)
      let owner = LabFiles.read(state.ownerPath)?.split(whereSeparator: \.isWhitespace)
      let label = LabReaper(state: state).label
      let ownerEnded = owner.map { words in
        words.count == 2 && Int32(words[0]).flatMap(start) != String(words[1])
      }
      // A lab that has just taken its name has neither an owner nor a namespace yet.
      let stopped =
        owner == nil && !LabFiles.exists("/run/netns/\(label)")
        && LabFiles.age(of: state.folder) > 60
      if ownerEnded ?? stopped { try LabReaper(state: state).down() }
    }
  }

  /// When a process started, in ticks since the machine did; nil if it has ended. With its number
  /// it tells processes apart for ever, where the number alone is given again.
  static func start(of process: Int32) -> String? {
    guard let status = LabFiles.read("/proc/\(process)/stat") else { return nil }
    return start(inStatus: status)
  }

  /// The start out of the text of /proc/PID/stat: field 22; the name before it may hold anything.
  static func start(inStatus status: String) -> String? {
    guard let name = status.lastIndex(of: ")") else { return nil }
    let fields = status[name...].split(separator: " ")
    guard fields.count > 20, fields[1] != "Z", fields[1] != "X" else { return nil }
    return String(fields[20])
  }

  /// Waits for the owner's end. A lab without an owner file has nobody to wait for.
  static let watch = #"""
    exec < /dev/null > /dev/null 2>&1
    cd /
    while read -r owner start 2>/dev/null < "$1/owner"; do
      status=$(sed 's/.*) //' "/proc/$owner/stat" 2>/dev/null)
      set -- "$1" $status
      case "${2:-Z}" in Z|X) ended=yes;; *) ended=; [ "${21}" = "$start" ] || ended=yes;; esac
      set -- "$1"
      # The owner may have changed while we looked.
      read -r again rest 2>/dev/null < "$1/owner" || exit 0
      [ "$again" = "$owner" ] || continue
      # A command that the owner had just started may still make something.
      if [ -n "$ended" ]; then sleep 0.3; exec sh "$1/down.sh"; fi
      sleep 0.5
    done
    """#

  /// The undoing. It may run twice, at the same time, and at any point of the lab's making.
  var script: String {
    """
    #!/bin/sh
    # Takes the lab "\(state.name)" down.
    state='\(state.folder)'
    disks='\(state.disks)'
    label='\(label)'

    """ + LabReaper.undoing
  }

  private static let undoing = #"""
    cd /
    exec 9< "$state" || exit 0
    flock -w 100 9 || exit 1
    [ /proc/self/fd/9 -ef "$state" ] || exit 0
    branches() {
      for branch in "/sys/fs/cgroup/$label" /sys/fs/cgroup/*/"$label"; do
        if [ -d "$branch" ] && [ ! -L "${branch%/*}" ]; then echo "$branch"; fi
      done
    }
    spaces() {
      for space in "/run/netns/$label" "/run/netns/$label".*; do
        if [ -e "$space" ]; then echo "${space##*/}"; fi
      done
    }
    # systemd-nspawn tidies up when its container has ended; it is ended itself only if it doesn't.
    tries=0
    while [ $tries -lt 200 ]; do
      pids=$(for branch in $(branches); do
        find "$branch" -name cgroup.procs -exec cat {} + 2>/dev/null; done | grep -v '^0$' | sort -u)
      [ -n "$pids" ] || break
      for pid in $pids; do
        if [ $tries -gt 60 ] || [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != systemd-nspawn ]; then
          kill -9 "$pid" 2>/dev/null
        fi
      done
      sleep 0.05
      tries=$((tries + 1))
    done
    rm -rf /run/systemd/nspawn/*/"$label".*
    for space in $(spaces); do ip netns delete "$space"; done
    grep -F " $disks/" /proc/self/mounts | cut -d' ' -f2 | sort -r | while read -r mount; do
      umount "$mount" || umount -l "$mount"
    done
    tries=0
    while [ -n "$(branches)" ] && [ $tries -lt 100 ]; do
      for branch in $(branches); do find "$branch" -depth -type d -exec rmdir {} + 2>/dev/null; done
      [ -z "$(branches)" ] || sleep 0.05
      tries=$((tries + 1))
    done
    rm -rf --one-file-system "$disks"
    left=$(branches; spaces; grep -F " $disks/" /proc/self/mounts)
    if [ -n "$left" ]; then
      echo "left behind: $left" >&2
      exit 1
    fi
    rm -rf "$state"
    rmdir -p --ignore-fail-on-non-empty "${disks%/*}" "${state%/*}" 2>/dev/null
    exit 0
    """#
}
