import Diagnostics
import Documents
import Inventories
import OrderedCollections
import Templates
import Testing
import Values

/// What of the listing's forms isn't recorded: secrets, and what a form can't hold.
@Suite struct InventoryFormTests {
  private func inventory(
    _ variables: OrderedDictionary<String, Templates.Expression>
  ) -> Inventory {
    var inventory = Inventory()
    inventory.addHost("h", to: "g", at: .synthesized("test"))
    inventory.add(VariableSet(variables, at: .synthesized("test")), toHost: "h")
    inventory.complete()
    return inventory
  }

  private func listing(
    _ variables: OrderedDictionary<String, Templates.Expression>
  ) -> InventoryListing {
    let inventory = inventory(variables)
    return InventoryListing(inventory, GroupTree(inventory))
  }

  @Test func whatIsSecretIsShownOnlyWhenAskedFor() {
    let secret = Value.string("sesame").marked(.secret)
    var listing = listing(["s": .literal(secret, .synthesized("test"))])
    for text in [listing.scriptForm.json(), listing.graph(withVariables: true)] {
      #expect(text.contains("(secret)") && !text.contains("sesame"))
    }
    listing.showsSecrets = true
    for text in [listing.scriptForm.json(), listing.graph(withVariables: true)] {
      #expect(text.contains("sesame"))
    }
  }

  @Test func vaultedTextIsWrittenSoThatItCanBeReadAgain() throws {
    let password = VaultPasswords.Password(bytes: Array("pw".utf8), origin: "test")
    var passwords = VaultPasswords()
    passwords.all.append(password)
    let vaulted = """
      $ANSIBLE_VAULT;1.1;AES256
      31313162346334643732353764666130666439633739303335333632663534396630393231356465
      6137626535623064656539333031333138623031623939610a663830343537656233373166323135
      37623362626330313236366631366533336339326430656264303439333433393464353364623935
      3233363063656636660a373432623963643662343030626433626533613737313232336661323636
      3766

      """
    var writer = YAMLWriter()
    writer.writesVaults = true
    let text = writer.text(["s": ["__ansible_vault": .string(vaulted)]])
    let read = try YAMLReader(passwords: passwords).read(path: "x.yml", text: text)
    guard case .dict(let entries, _) = read, case .template(let template) = entries[0].value
    else {
      Issue.record("no dictionary of one value")
      return
    }
    #expect(try template.seal?.opened() == "sesam")
    // And what is read is shown as it stands there.
    let listed = listing(["s": .template(template)]).variables(ofHost: "h")
    #expect(listed["s"]?["__ansible_vault"] == .string(vaulted))
  }

  @Test func tomlRefusesNull() {
    #expect(throws: TOMLWriter.Problem.self) { try TOMLWriter.text(["a": [.null]]) }
  }
}
