internal import OrderedCollections
internal import Values

/// Processors, memory, disks and what is mounted.
struct HardwareFacts: Sendable {
  let sections: FactSections

  var facts: Facts {
    var facts = processors
    facts.merge(memory) { $1 }
    facts.merge(board) { $1 }
    if let seconds = Double(FactSections.words(sections.first("uptime")).first ?? "") {
      facts["uptime_seconds"] = .int(Int(seconds))
    }
    facts["mounts"] = .list(mounts)
    facts["devices"] = .object(devices)
    return facts
  }

  private var processors: Facts {
    var list: [Value] = []
    var sockets: Set<String> = []
    var coresPerSocket = 0
    var siblings = 0
    var count = 0
    for line in sections.lines("cpu") {
      let parts = line.split(separator: ":", maxSplits: 1).map(FactSections.strip)
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "processor":
        count += 1
        list.append(.string(parts[1]))
      case "model name", "vendor_id", "Processor", "cpu": list.append(.string(parts[1]))
      case "physical id": sockets.insert(parts[1])
      case "cpu cores": coresPerSocket = Int(parts[1]) ?? 0
      case "siblings": siblings = Int(parts[1]) ?? 0
      default: break
      }
    }
    // Machines without topology, such as ARM's, count each processor as a socket.
    let socketCount = sockets.isEmpty ? count : sockets.count
    let cores = max(1, coresPerSocket)
    let threads = max(1, siblings / cores)
    return [
      "processor": .list(list), "processor_count": .int(socketCount),
      "processor_cores": .int(cores), "processor_threads_per_core": .int(threads),
      "processor_vcpus": .int(threads * socketCount * cores),
      "processor_nproc": .int(Int(sections.first("nproc")) ?? count),
    ]
  }

  private var memory: Facts {
    var megabytes: [String: Int] = [:]
    var kilobytes: [String: Int] = [:]
    for (name, value) in sections.pairs("memory", separator: ":") {
      let size = Int(FactSections.words(value).first ?? "") ?? 0
      (kilobytes[name], megabytes[name]) = (size, size / 1024)
    }
    func mega(_ name: String) -> Int { megabytes[name] ?? 0 }
    let total = mega("MemTotal")
    let free = mega("MemFree")
    let unused =
      ["MemFree", "Buffers", "Cached"].reduce(0) { $0 + (kilobytes[$1] ?? 0) } / 1024
    let swap = (total: mega("SwapTotal"), free: mega("SwapFree"))
    return [
      "memtotal_mb": .int(total), "memfree_mb": .int(free), "swaptotal_mb": .int(swap.total),
      "swapfree_mb": .int(swap.free),
      "memory_mb": .object([
        "real": .object([
          "total": .int(total), "used": .int(total - free), "free": .int(free),
        ]),
        "nocache": .object(["free": .int(unused), "used": .int(total - unused)]),
        "swap": .object([
          "total": .int(swap.total), "free": .int(swap.free),
          "used": .int(swap.total - swap.free), "cached": .int(mega("SwapCached")),
        ]),
      ]),
    ]
  }

  private var board: Facts {
    let known = sections.pairs("dmi")
    var facts: Facts = [:]
    for name in [
      "bios_date", "bios_vendor", "bios_version", "board_asset_tag", "board_name", "board_serial",
      "board_vendor", "board_version", "chassis_asset_tag", "chassis_serial", "chassis_vendor",
      "chassis_version", "product_name", "product_serial", "product_uuid", "product_version",
    ] {
      facts[name] = .string(known[name].flatMap { $0.isEmpty ? nil : $0 } ?? "NA")
    }
    facts["system_vendor"] = .string(known["sys_vendor"].flatMap { $0.isEmpty ? nil : $0 } ?? "NA")
    return facts
  }

  /// Understands lines `m DEVICE MOUNT TYPE OPTIONS DUMP PASS UUID`, and those with the sizes that
  /// `stat -f` tells: `s FRAGMENT BLOCK TOTAL AVAILABLE FREE INODES FREE-INODES MOUNT`.
  private var mounts: [Value] {
    let lines = sections.lines("mounts")
    var sizes: [String: Facts] = [:]
    for line in lines where line.hasPrefix("s ") {
      let fields = line.split(separator: " ", maxSplits: 8)
      let numbers = fields.dropFirst().prefix(7).compactMap { Int($0) }
      guard fields.count == 9, numbers.count == 7 else { continue }
      sizes[String(fields[8])] = Self.sizes(numbers)
    }
    return lines.compactMap { line in
      let words = FactSections.words(line)
      guard words.count >= 8, words[0] == "m" else { return nil }
      let folder = MountTable.unescape(words[2])
      let facts: Facts = [
        "mount": .string(folder), "device": .string(words[1]), "fstype": .string(words[3]),
        "options": .string(words[4]), "dump": .int(Int(words[5]) ?? 0),
        "passno": .int(Int(words[6]) ?? 0), "uuid": .string(words[7]),
      ]
      return .object(facts.merging(sizes[folder] ?? [:]) { $1 })
    }
  }

  private static func sizes(_ numbers: [Int]) -> Facts {
    let (unit, total, available) = (numbers[0], numbers[2], numbers[3])
    return [
      "size_total": .int(unit * total), "size_available": .int(unit * available),
      "block_size": .int(numbers[1]), "block_total": .int(total),
      "block_available": .int(available), "block_used": .int(total - available),
      "inode_total": .int(numbers[5]), "inode_available": .int(numbers[6]),
      "inode_used": .int(numbers[5] - numbers[6]),
    ]
  }

  private var devices: Facts {
    var devices: Facts = [:]
    for line in sections.lines("disks") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(
        FactSections.strip)
      guard fields.count >= 7 else { continue }
      var partitions: Facts = [:]
      for part in fields.dropFirst(7) {
        let words = part.split(separator: ":").map(String.init)
        guard words.count == 3, let sectors = Int(words[1]) else { continue }
        partitions[words[0]] = .object([
          "sectors": .int(sectors), "start": .string(words[2]), "sectorsize": .int(512),
          "size": .string(Self.human(sectors * 512)),
        ])
      }
      let sectors = Int(fields[1]) ?? 0
      devices[fields[0]] = .object([
        "sectors": .int(sectors), "removable": .string(fields[2]),
        "rotational": .string(fields[3]), "sectorsize": .string(fields[4]),
        "size": .string(Self.human(sectors * 512)),
        "model": fields[5].isEmpty ? nil : .string(fields[5]),
        "vendor": fields[6].isEmpty ? nil : .string(fields[6]),
        "partitions": .object(partitions),
      ])
    }
    return devices
  }

  /// `251.97 GB`.
  private static func human(_ bytes: Int) -> String {
    let units: [(Int, String)] = [
      (1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB"),
    ]
    let unit = units.first { bytes >= $0.0 } ?? (1, "Bytes")
    let hundredths = (bytes * 100 + unit.0 / 2) / unit.0
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) \(unit.1)"
  }
}
