import Hosts
import Inspection
import Layouts
import Testing

@Suite("Certificates' ends")
struct CertificateTests {
  /// Made by `openssl req -x509 -newkey ed25519 -days 3650`; its end as `openssl x509 -enddate` says.
  private let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBSjCB/aADAgECAhRxjpKCj8fnPusyrLL03qjaWeBh2TAFBgMrZXAwGzEZMBcG
    A1UEAwwQb3JjaGVzdHJhdGUtdGVzdDAeFw0yNjExMjExNTM1MDhaFw0zNjExMTgx
    NTM1MDhaMBsxGTAXBgNVBAMMEG9yY2hlc3RyYXRlLXRlc3QwKjAFBgMrZXADIQAz
    hYTbwbw/0WkTMfOjzudw+SzDvVUgrS5aJQMEol2zxaNTMFEwHQYDVR0OBBYEFOLf
    A0KNiasMKKBN0VmXJZT0r1SKMB8GA1UdIwQYMBaAFOLfA0KNiasMKKBN0VmXJZT0
    r1SKMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA08Y2t5zbW7QVWorC3zgXAX2S
    qy97LS76tHZk3iBwC1TAFSMldebLpFTCmbroRK9BtyuSLNAQBlikjbZ3/ZpaCA==
    -----END CERTIFICATE-----
    """

  @Test func areReadFromPEMAndKubeconfig() throws {
    var plane = LayoutHost(name: "plane1", address: Address("10.0.0.11"))
    plane.isPlane = true
    let layout = Layout(hosts: [plane], virtualAddress: nil, endpoint: nil)
    let probe = HostInspection(of: plane, in: layout).probe
    let body = certificate.split(separator: "\n").dropFirst().dropLast().joined()
    let text = """
      file /etc/kubernetes/pki/ca.crt
      \(certificate)
      file /etc/kubernetes/admin.conf
          client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJTakNCL2FBREFnRUNBaFJ4anBLQ2o4Zm5QdXN5ckxMMDNxamFXZUJoMlRBRkJnTXJaWEF3R3pFWk1CY0cKQTFVRUF3d1FiM0pqYUdWemRISmhkR1V0ZEdWemREQWVGdzB5TmpFeE1qRXhOVE0xTURoYUZ3MHpOakV4TVRneApOVE0xTURoYU1Cc3hHVEFYQmdOVkJBTU1FRzl5WTJobGMzUnlZWFJsTFhSbGMzUXdLakFGQmdNclpYQURJUUF6CmhZVGJ3YncvMFdrVE1mT2p6dWR3K1N6RHZWVWdyUzVhSlFNRW9sMnp4YU5UTUZFd0hRWURWUjBPQkJZRUZPTGYKQTBLTmlhc01LS0JOMFZtWEpaVDByMVNLTUI4R0ExVWRJd1FZTUJhQUZPTGZBMEtOaWFzTUtLQk4wVm1YSlpUMApyMVNLTUE4R0ExVWRFd0VCL3dRRk1BTUJBZjh3QlFZREsyVndBMEVBMDhZMnQ1emJXN1FWV29yQzN6Z1hBWDJTCnF5OTdMUzc2dEhaazNpQndDMVRBRlNNbGRlYkxwRlRDbWJyb1JLOUJ0eXVTTE5BUUJsaWtqYlozL1pwYUNBPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=
      file /etc/kubernetes/pki/broken.crt
      -----BEGIN CERTIFICATE-----
      \(body.prefix(40))
      -----END CERTIFICATE-----
      """
    let answers = probe.questions.map { question in
      question.script.contains("client-certificate-data")
        ? CommandOutput(text) : CommandOutput(status: 1, "")
    }
    guard case .state(let seen) = try probe.resolve(answers) else {
      Issue.record("a second round trip")
      return
    }
    #expect(
      seen.certificates == [
        .init(path: "/etc/kubernetes/pki/ca.crt", end: 2_110_635_308),
        .init(path: "/etc/kubernetes/admin.conf", end: 2_110_635_308),
        .init(path: "/etc/kubernetes/pki/broken.crt", end: nil),
      ])
  }
}
