internal import OrderedCollections
internal import RegularExpressions
internal import Values

/// Filters for HTML and XML.
enum MarkupFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction("escape", whole: { .string(escape($0.text)) }),
    LibraryFunction("e", whole: { .string(escape($0.text)) }),
    LibraryFunction("forceescape", whole: { .string(escape($0.text)) }),
    LibraryFunction("safe", whole: { .string($0.text) }),
    LibraryFunction(
      "striptags",
      whole: { (call) throws(TemplateError) in
        let tags = try call.evaluator.session.expression("(<!--.*?-->|<[^>]*>)", .dotAll)
        let stripped = (try? tags.replacing(in: call.text, with: "")) ?? call.text
        let words = try PythonString.split(stripped, nil, limit: -1)
        return .string(CharacterReferences.resolved(words.joined(separator: " ")))
      }),
    LibraryFunction(
      "xmlattr", "autospace?",
      whole: { (call) throws(TemplateError) in
        guard case .dict(let dict) = call.input else { throw call.missing("items") }
        var parts: [String] = []
        for (key, value) in dict where value != .null {
          let name = PythonText.str(key)
          if name.unicodeScalars.contains(where: {
            PythonString.isSpace($0) || "/>=".unicodeScalars.contains($0)
          }) {
            throw call.failure("Invalid character in attribute name: \(PythonText.repr(key))")
          }
          parts.append("\(escape(name))=\"\(escape(PythonText.str(value)))\"")
        }
        let text = parts.joined(separator: " ")
        return .string(call.flag("autospace", default: true) && !text.isEmpty ? " " + text : text)
      }),
    LibraryFunction(
      "urlize", "trim_url_limit?", "nofollow?", "target?", "rel?", "extra_schemes?",
      whole: { (call) throws(TemplateError) in .string(try LinkMaker(call).text(call.text)) }),
  ]

  /// As markupsafe escapes.
  static func escape(_ text: String) -> String {
    guard text.utf8.contains(where: { "&<>'\"".utf8.contains($0) }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "'": result += "&#39;"
      case "\"": result += "&#34;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// What `&…;` stands for: numbers, the names of ISO 8859-1 and some more.
enum CharacterReferences {
  /// The text with its references resolved; what isn't known stays.
  static func resolved(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      let body = rest[start...].dropFirst().prefix(32)
      guard let end = body.firstIndex(of: ";"), let scalar = scalar(body[..<end]) else {
        result += "&"
        rest = rest[start...].dropFirst()
        continue
      }
      result.unicodeScalars.append(scalar)
      rest = rest[end...].dropFirst()
    }
    return result + rest
  }

  private static func scalar(_ name: Substring) -> Unicode.Scalar? {
    guard name.hasPrefix("#") else { return names[String(name)] }
    let digits = name.dropFirst()
    let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
    return (isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)).flatMap {
      Unicode.Scalar($0)
    }
  }

  private static let names: [String: Unicode.Scalar] = {
    var names: [String: Unicode.Scalar] = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "hellip": "…", "mdash": "—",
      "ndash": "–", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "bull": "•",
      "euro": "€",
      "trade": "™", "larr": "←", "rarr": "→", "uarr": "↑", "darr": "↓", "le": "≤", "ge": "≥",
      "ne": "≠",
    ]
    let latin =
      "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn "
      + "sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave "
      + "Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc "
      + "Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml "
      + "Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc "
      + "euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash "
      + "ugrave uacute ucirc uuml yacute thorn yuml"
    for (index, name) in latin.split(separator: " ").enumerated() {
      names[String(name)] = Unicode.Scalar(UInt8(160 + index))
    }
    return names
  }()
}
