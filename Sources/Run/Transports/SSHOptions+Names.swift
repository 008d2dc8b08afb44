internal import Hosts

extension SSHOptions {
  /// Options that can be passed over: they change comfort or speed, not what is reached or trusted.
  static let harmless: Set<String> = [
    "addkeystoagent", "batchmode", "canonicalizefallbacklocal", "canonicalizemaxdots",
    "canonicalizepermittedcnames", "channeltimeout", "checkhostip", "clearallforwardings",
    "compression", "connectionattempts", "controlmaster", "controlpath", "controlpersist",
    "dynamicforward", "enableescapecommandline", "enablesshkeysign", "escapechar",
    "exitonforwardfailure", "fingerprinthash", "forkafterauthentication", "forwardagent",
    "forwardx11", "forwardx11timeout", "forwardx11trusted", "gatewayports",
    "gssapiauthentication", "gssapidelegatecredentials", "gssapikeyexchange",
    "gssapirenewalforcesrekey", "gssapitrustdns", "hostbasedauthentication", "ipqos",
    "localforward", "loglevel", "logverbose", "nohostauthenticationforlocalhost",
    "numberofpasswordprompts", "obscurekeystroketiming", "permitremoteopen", "rekeylimit",
    "remoteforward", "requesttty", "sendenv", "stdinnull", "streamlocalbindmask",
    "streamlocalbindunlink", "syslogfacility", "tcpkeepalive", "tunnel", "tunneldevice",
    "updatehostkeys", "usekeychain", "verifyhostkeydns", "visualhostkey", "xauthlocation",
  ]

  /// Options that a login may depend on; named if it fails.
  static let noted: Set<String> = [
    "casignaturealgorithms", "ciphers", "hostbasedacceptedalgorithms", "hostkeyalgorithms",
    "kexalgorithms", "macs", "pkcs11provider", "pubkeyacceptedalgorithms", "requiredrsasize",
    "securitykeyprovider", "setenv",
  ]

  /// Names that older files use (ssh_config(5) of earlier versions).
  fileprivate static let formerNames = [
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "skeyauthentication": "kbdinteractiveauthentication",
    "dsaauthentication": "pubkeyauthentication",
    "pubkeyacceptedkeytypes": "pubkeyacceptedalgorithms",
    "hostbasedkeytypes": "hostbasedacceptedalgorithms", "identityfile2": "identityfile",
    "globalknownhostsfile2": "globalknownhostsfile", "userknownhostsfile2": "userknownhostsfile",
    "useprivilegedport": "checkhostip", "protocol": "checkhostip", "cipher": "ciphers",
    "usersh": "checkhostip", "useroaming": "checkhostip", "rhostsrsaauthentication": "checkhostip",
    "rsaauthentication": "checkhostip", "compressionlevel": "compression",
  ]

  /// What an option is called today.
  static func presentName(of keyword: String) -> String { formerNames[keyword] ?? keyword }
}

extension SSHConfigLine {
  /// The option's name, whatever it was called before.
  var name: String { SSHOptions.presentName(of: keyword) }

  func requireOneValue() throws(HostError) {
    guard arguments.count == 1 else {
      throw problem("\(keyword) has more than one value", help: "put it in quotes")
    }
  }

  func flag() throws(HostError) -> Bool {
    switch arguments.first?.lowercased() {
    case "yes", "true": return true
    case "no", "false": return false
    default: throw problem("\(keyword) must be yes or no")
    }
  }

  /// A number, or a service's name.
  func portNumber() throws(HostError) -> Int {
    let value = arguments.first ?? ""
    if let number = Int(value), (1...65535).contains(number) { return number }
    if let number = NameLookup.port(ofService: value) { return number }
    throw problem("'\(value)' is no port")
  }

  /// `30`, `1m30s`; nil for `none`.
  func duration() throws(HostError) -> Duration? {
    let value = arguments.first ?? ""
    if value.lowercased() == "none" { return nil }
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
    var total = 0
    var digits = ""
    for character in value.lowercased() {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      guard let unit = units[character], let number = Int32(digits) else {
        throw problem("'\(value)' is no time")
      }
      total += Int(number) * unit
      digits = ""
    }
    if digits.isEmpty, !value.isEmpty { return .seconds(total) }
    guard let seconds = Int32(digits) else { throw problem("'\(value)' is no time") }
    return .seconds(total + Int(seconds))
  }

  /// File names; `none` stands alone, for no file.
  func files() throws(HostError) -> [String] {
    guard arguments.contains(where: { $0.lowercased() == "none" }) else { return arguments }
    try requireOneValue()
    return []
  }

  func unsupported(_ name: String) -> HostError {
    problem(
      "the SSH option \(name) isn't supported",
      help: "leave it out for this host, or set ansible_connection: openssh, which leaves it to ssh"
    )
  }
}
