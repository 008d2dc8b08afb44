import Testing
import Values

@testable import Templates

/// Addresses; expected values follow from RFC 4632, 4291 and 5952.
@Suite struct AddressTests {
  @Test(arguments: [
    ("'10.0.5.9/22' | ipaddr('network')", Value.string("10.0.4.0")),
    ("'10.0.5.9/22' | ipaddr('netmask')", "255.255.252.0"),
    ("'10.0.5.9/22' | ipaddr('prefix')", 22), ("'10.0.5.9/22' | ipaddr('address')", "10.0.5.9"),
    ("'10.0.5.9/22' | ipaddr('broadcast')", "10.0.7.255"),
    ("'10.0.5.9/22' | ipaddr('subnet')", "10.0.4.0/22"), ("'10.0.5.9/22' | ipaddr('size')", 1024),
    ("'10.0.5.9/255.255.255.0' | ipaddr('prefix')", 24),
    ("'10.0.0.0/24' | ipaddr('1')", "10.0.0.1/24"),
    ("'10.0.0.0/24' | ipaddr(-1)", "10.0.0.255/24"), ("'10.0.0.1' | ipaddr", "10.0.0.1"),
    ("'10.0.0.300' | ipaddr", false), ("'x' | ipaddr", false), ("'::1' | ipv4", false),
    ("['10.0.0.1', 'x', '::1'] | ipaddr", .strings(["10.0.0.1", "::1"])),
    ("['10.0.0.1', 'x', '::1'] | ipv6", .strings(["::1"])),
    ("'10.0.0.1' | ipaddr('10.0.0.0/8')", "10.0.0.1"),
    ("'11.0.0.1' | ipaddr('10.0.0.0/8')", false),
    ("'fd00:0:0::1/64' | ipaddr('network')", "fd00::"),
    ("'2001:db8:0:0:1:0:0:1' | ipaddr('address')", "2001:db8::1:0:0:1"),
    ("'::ffff:10.0.0.1' | ipaddr('address')", "::ffff:a00:1"), ("'::1' | ipwrap", "[::1]"),
    ("'10.0.0.1' | ipwrap", "10.0.0.1"), ("'10.0.0.1' | ansible.utils.ipmath(5)", "10.0.0.6"),
    ("'10.0.0.0/8' | ipsubnet(16, 2)", "10.2.0.0/16"), ("'10.0.0.0/8' | nthhost(305)", "10.0.1.49"),
    ("'10.0.0.1' | ipaddr('revdns')", "1.0.0.10.in-addr.arpa."),
    ("'192.168.1.1' | ipaddr('private')", "192.168.1.1"), ("'8.8.8.8' | ipaddr('private')", false),
    ("'10.0.0.0/24' | network_in_network('10.0.0.77')", true),
  ])
  func answers(expression: String, expected: Value) throws {
    #expect(try Template(expression, .condition).evaluate(in: .values([:])) == expected)
  }
}
