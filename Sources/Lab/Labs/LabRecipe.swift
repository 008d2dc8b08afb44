/// How one cached piece of the lab is built: a shell script, and the pieces that it builds upon.
///
/// The script runs in the piece's own empty folder. It finds each input's folder in a variable with
/// the input's name in capitals, says its progress with `say`, and may use `debian_apt`.
struct LabRecipe: Sendable {
  /// The piece's name, in lower-case letters and `_`.
  let name: String
  /// What is built, and about how long that takes.
  let title: String
  /// The release of Debian whose packages the script's `apt` has.
  var release = LabRelease.bookworm
  /// The pieces that the script reads.
  var inputs: [LabRecipe] = []
  /// The shell script.
  let script: String

  /// The name and a hash of everything that the piece depends on.
  var key: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    for text in [LabRecipe.prelude(of: release), script] + inputs.map(\.key) {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = (hash ^ 0xff) &* 0x100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    return label + "-" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The name, and the release where it isn't the lab's usual one.
  private var label: String { release == .bookworm ? name : "\(name)_\(release)" }

  /// The name of the variable in which another recipe's script finds this piece.
  var variable: String { name.uppercased() }

  /// All that the shell reads.
  var input: String { LabRecipe.prelude(of: release) + script }

  /// The recipe and all that it needs, each once, inputs first.
  var order: [LabRecipe] {
    var order: [LabRecipe] = []
    for recipe in inputs.flatMap(\.order) + [self]
    where !order.contains(where: { $0.label == recipe.label }) {
      order.append(recipe)
    }
    return order
  }

  /// What every script begins with. Debian's packages come from the mirror that this machine's apt
  /// uses, by an apt state of the recipe's own: the machine's stays as it is.
  static func prelude(of release: LabRelease) -> String {
    #"""
    set -eu
    umask 022
    exec 3>&1 >&2
    OUT=$PWD
    say() { echo "progress: $*" >&3; }

    debian_apt() {
      mkdir -p apt/lists/partial apt/archives/partial
      apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u > apt/mirrors
      main=$(grep '/debian/*$' apt/mirrors | head -n 1)
      security=$(grep '/debian-security/*$' apt/mirrors | head -n 1)
      [ -n "$main" ] || { echo "apt's sources name no Debian repository" >&2; exit 1; }
      for type in deb deb-src; do
        line="$type [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
        echo "$line $main \#(release) main"
        echo "$line $main \#(release)-updates main"
        [ -z "$security" ] || echo "$line $security \#(release)-security main"
      done > apt/sources.list
      apt update
    }
    apt() {
      apt-get -qq -o Dir::Etc::SourceList="$OUT/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$OUT/apt/lists" -o Dir::Cache::archives="$OUT/apt/archives" \
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root \
        -o Acquire::Retries=3 -o APT::Keep-Downloaded-Packages=true "$@"
    }

    # Makes the folder a flat apt repository and signs it with a key that is thrown away.
    repository() {
      cd "$1"
      apt-ftparchive packages . > Packages
      gzip -k Packages
      apt-ftparchive -o APT::FTPArchive::Release::Origin=orchestrate \
        -o APT::FTPArchive::Release::Label="$2" release . > ../Release
      mv ../Release .
      GNUPGHOME=$(mktemp -d)
      export GNUPGHOME
      gpg --batch --quiet --passphrase '' --quick-generate-key 'orchestrate lab' ed25519 sign never
      gpg --batch --quiet --clearsign -o InRelease Release
      gpg --batch --quiet --armor --export > key.asc
      gpgconf --kill all
      rm -rf "$GNUPGHOME"
      cd "$OUT"
    }

    """#
  }
}
