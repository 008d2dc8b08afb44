/// Kubernetes 1.20.2, built from Debian's own source package.
enum LabKubernetes {
  /// The version of the source, as kubeadm writes it without its `v`.
  static let version = "1.20.2"

  /// The version that an upgrade in the lab leads to.
  static let nextVersion = "1.20.3"

  /// The recipe of the programs: the folder `bin`.
  static let recipe = LabRecipe(
    name: "kubernetes",
    title: "Kubernetes \(version) from Debian's source package (about 5 minutes, once)",
    script: script(linking: "$version"))

  /// The recipe of the programs that an upgrade installs: the same source, into which the linker
  /// writes the next version. No lab needs it before that.
  static let nextRecipe = LabRecipe(
    name: "kubernetes_next",
    title: "Kubernetes \(nextVersion) from the source of \(version) (about 5 minutes, once)",
    script: script(linking: nextVersion))

  /// Builds the programs; `linked` is the version that they say, as the shell writes it.
  private static func script(linking linked: String) -> String {
    #"""
    version=\#(version)
    debian_apt
    apt source --download-only kubernetes
    # Go and reflect2 are unpacked here, not installed on this machine.
    mkdir tools bin gopath
    (cd tools
     apt download golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev
     for deb in *.deb; do dpkg-deb -x "$deb" .; rm "$deb"; done)
    export GOROOT="$OUT/tools/usr/lib/go-1.19" GOPATH="$OUT/gopath" GOCACHE="$OUT/gocache"
    export GO111MODULE=off CGO_ENABLED=0 HOME="$OUT"
    PATH=$GOROOT/bin:$PATH
    mkdir -p gopath/src/k8s.io
    tar xzf kubernetes_*.orig.tar.gz
    mv "kubernetes-$version" gopath/src/k8s.io/kubernetes
    cd gopath/src/k8s.io/kubernetes
    # The vendored reflect2 panics when built with Go 1.18 or newer; Debian's is fit for it.
    rm -rf vendor/github.com/modern-go/reflect2
    cp -r "$OUT/tools/usr/share/gocode/src/github.com/modern-go/reflect2" \
      vendor/github.com/modern-go/

    # pkg/generated/openapi isn't in the source package; the generator ends with an error for
    # rules that Kubernetes itself breaks.
    say "generating pkg/generated/openapi"
    go build -o "$OUT/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
    packages=$(grep -rl --include=*.go '+k8s:openapi-gen=' staging/src/k8s.io/*/ |
      grep -v zz_generated | xargs -n1 dirname | sort -u |
      sed -e 's#^staging/src/#k8s.io/kubernetes/vendor/#' |
      grep -v -E 'code-generator|sample-|/cmd/|kube-openapi' | paste -sd, -)
    "$OUT/openapi-gen" -O zz_generated.openapi \
      --go-header-file hack/boilerplate/boilerplate.generatego.txt \
      -i "$packages" -p k8s.io/kubernetes/pkg/generated/openapi -r "$OUT/violations" || true
    test -f pkg/generated/openapi/zz_generated.openapi.go

    # kubeadm refuses a kubelet into which no version is linked.
    vendor=k8s.io/kubernetes/vendor/k8s.io
    flags="-s -w"
    for package in $vendor/component-base/version $vendor/client-go/pkg/version; do
      flags="$flags -X $package.gitVersion=v\#(linked) -X $package.gitMajor=1"
      flags="$flags -X $package.gitMinor=20 -X $package.gitTreeState=clean"
      flags="$flags -X $package.buildDate=2021-01-13T13:20:00Z"
    done
    for program in kubeadm kubelet kube-apiserver kube-controller-manager kube-scheduler \
      kubectl kube-proxy; do
      say "building $program"
      nice go build -ldflags "$flags" -o "$OUT/bin/$program" "./cmd/$program"
    done

    # The process that holds a pod's namespaces.
    cat > "$OUT/pause.go" <<'END'
    package main

    import (
    	"os"
    	"os/signal"
    	"syscall"
    )

    func main() {
    	signals := make(chan os.Signal, 8)
    	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
    	for s := range signals {
    		if s != syscall.SIGCHLD {
    			return
    		}
    		for {
    			pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
    			if pid <= 0 || err != nil {
    				break
    			}
    		}
    	}
    }
    END
    go build -ldflags "-s -w" -o "$OUT/bin/pause" "$OUT/pause.go"
    cd "$OUT"
    chmod -R u+w gopath gocache tools
    find . -mindepth 1 -maxdepth 1 ! -name bin -exec rm -rf {} +
    """#
  }
}
