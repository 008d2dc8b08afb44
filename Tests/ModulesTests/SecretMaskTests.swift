import Testing

@testable import Modules

@Suite struct SecretMaskTests {
  private static let shown = """
    vrrp_instance one {
      auth_pass (secret)
      priority 101
    }
    """

  @Test func aLineWithAPresentSecretIsShownAsTheNextOne() {
    let present = "vrrp_instance one {\n  auth_pass old-secret\n  priority 100\n}"
    let masked = SecretMask(Self.shown).masked(present, next: nil)
    #expect(
      masked == "vrrp_instance one {\n  auth_pass (secret, as it is now)\n  priority 100\n}")
  }

  @Test func aSecretThatStaysMakesNoDifference() {
    let present = "vrrp_instance one {\n  auth_pass same\n  priority 100\n}"
    let next = "vrrp_instance one {\n  auth_pass same\n  priority 101\n}"
    let masked = SecretMask(Self.shown).masked(present, next: next)
    #expect(masked == "vrrp_instance one {\n  auth_pass (secret)\n  priority 100\n}")
  }

  @Test func whatIsWhereASecretWillBeIsNotShown() {
    let present = "vrrp_instance one {\n  password = old-secret\n  priority 101\n}"
    let masked = SecretMask(Self.shown).masked(present, next: nil)
    #expect(!masked.contains("old-secret"))
    #expect(masked.contains("priority 101"))
  }

  @Test func aSecretOnALineOfItsOwnHidesWhatIsThere() {
    let masked = SecretMask("key:\n(secret)\nend").masked("key:\nxyzzy\nplugh\nend", next: nil)
    #expect(!masked.contains("xyzzy") && !masked.contains("plugh") && masked.hasSuffix("end"))
  }

  @Test func aTextWithoutSecretsIsShownAsItIs() {
    #expect(SecretMask("port (known after apply)").masked("port 1", next: nil) == "port 1")
  }
}
