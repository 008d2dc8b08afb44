internal import Cryptography

/// The public key of a certificate, by which kubeadm knows a CA again.
package enum CertificatePin {
  /// `sha256:` and the digest of the first certificate's public key information; nil where `pem`
  /// holds no certificate that can be read.
  ///
  /// RFC 7469's pin: the DER of SubjectPublicKeyInfo, which RFC 5280 puts after the subject.
  package static func sha256(ofPEM pem: String) -> String? {
    guard let begin = pem.firstRange(of: "-----BEGIN CERTIFICATE-----"),
      let end = pem[begin.upperBound...].firstRange(of: "-----END CERTIFICATE-----"),
      let der = Base64.decode(pem[begin.upperBound..<end.lowerBound].filter { !$0.isWhitespace })
    else { return nil }
    guard let certificate = DERElement(der[...]), let body = certificate.children.first else {
      return nil
    }
    var fields = body.children
    // The version, [0], may be left out.
    if fields.first?.tag == 0xa0 { fields.removeFirst() }
    // Serial number, signature, issuer, validity, subject, and then the key.
    guard fields.count >= 6 else { return nil }
    return "sha256:" + SHA256.hex(Array(fields[5].bytes))
  }
}

/// An element of DER: a tag, a length, a content.
private struct DERElement {
  var tag: UInt8
  /// All of it.
  var bytes: ArraySlice<UInt8>
  var content: ArraySlice<UInt8>

  /// Reads the element at the beginning of `bytes`; nil where it is broken off.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count >= 2 else { return nil }
    tag = bytes[bytes.startIndex]
    var start = bytes.startIndex + 2
    var length = Int(bytes[bytes.startIndex + 1])
    if length >= 0x80 {
      let count = length & 0x7f
      guard count > 0, count <= 4, bytes.endIndex - start >= count else { return nil }
      length = bytes[start..<(start + count)].reduce(0) { $0 << 8 | Int($1) }
      start += count
    }
    guard bytes.endIndex - start >= length else { return nil }
    content = bytes[start..<(start + length)]
    self.bytes = bytes[bytes.startIndex..<(start + length)]
  }

  var children: [DERElement] {
    var children: [DERElement] = []
    var rest = content
    while let child = DERElement(rest) {
      children.append(child)
      rest = rest[child.bytes.endIndex...]
    }
    return children
  }
}
