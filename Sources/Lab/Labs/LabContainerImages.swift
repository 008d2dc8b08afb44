/// The container images of a control plane and of kube-proxy, ready in a containerd root that each
/// twin gets a copy of: a lab reaches no registry.
enum LabContainerImages {
  /// The recipe of the folder `containerd`, which becomes a twin's /var/lib/containerd.
  static let recipe = LabRecipe(
    name: "container_images", title: "the container images of the control plane and kube-proxy",
    inputs: [LabImage.recipe(of: .bookworm), LabKubernetes.recipe],
    script: #"""
      version=v\#(LabKubernetes.version)
      debian_apt
      mkdir tools
      (cd tools
       apt download etcd-server containerd runc
       for deb in *.deb; do dpkg-deb -x "$deb" .; rm "$deb"; done)

      # image TAG SOURCE PATH [SOURCE PATH ...]: one layer with the files, as `docker save` writes it.
      image() {
        tag=$1
        file=$(echo "$tag" | tr '/:' '__').tar
        shift
        rm -rf stage archive
        mkdir stage archive
        while [ $# -gt 0 ]; do
          mkdir -p "$(dirname "stage/$2")"
          cp -L "$1" "stage/$2"
          shift 2
        done
        tar -C stage --owner=0 --group=0 --numeric-owner --mtime=@0 --sort=name \
          -cf archive/layer.tar .
        digest=$(sha256sum archive/layer.tar | cut -d' ' -f1)
        cat > archive/config <<END
      {"architecture": "amd64", "os": "linux",
       "config": {"Env": ["PATH=$paths"]$entry},
       "rootfs": {"type": "layers", "diff_ids": ["sha256:$digest"]},
       "history": [{"created": "1970-01-01T00:00:00Z"}]}
      END
        config=$(sha256sum archive/config | cut -d' ' -f1).json
        mv archive/config "archive/$config"
        echo "[{\"Config\": \"$config\", \"RepoTags\": [\"$tag\"], \"Layers\": [\"layer.tar\"]}]" \
          > archive/manifest.json
        tar -C archive --owner=0 --group=0 -cf "$file" "$config" layer.tar manifest.json
      }
      entry=
      paths=/usr/local/bin:/usr/bin:/bin
      for program in kube-apiserver kube-controller-manager kube-scheduler; do
        image "k8s.gcr.io/$program:$version" "$KUBERNETES/bin/$program" "usr/local/bin/$program"
      done
      libraries=$BASE/root/usr/lib/x86_64-linux-gnu
      # kube-proxy writes its rules by the iptables of the hosts: one program of many names.
      set -- "$KUBERNETES/bin/kube-proxy" usr/local/bin/kube-proxy \
        "$libraries/ld-linux-x86-64.so.2" lib64/ld-linux-x86-64.so.2
      for name in iptables iptables-save iptables-restore \
        ip6tables ip6tables-save ip6tables-restore; do
        set -- "$@" "$BASE/root/usr/sbin/xtables-nft-multi" "usr/sbin/$name"
      done
      for library in libxtables.so.12 libmnl.so.0 libnftnl.so.11 libc.so.6 libm.so.6; do
        set -- "$@" "$libraries/$library" "lib/x86_64-linux-gnu/$library"
      done
      for library in "$libraries"/xtables/*.so; do
        set -- "$@" "$library" "usr/lib/x86_64-linux-gnu/xtables/${library##*/}"
      done
      paths=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
      image "k8s.gcr.io/kube-proxy:$version" "$@"
      paths=/usr/local/bin:/usr/bin:/bin
      # Debian's etcd isn't linked statically: its libraries come along, from the base image.
      set -- tools/usr/bin/etcd usr/local/bin/etcd \
        "$libraries/ld-linux-x86-64.so.2" lib64/ld-linux-x86-64.so.2
      for library in $(ldd tools/usr/bin/etcd | sed -n 's#^\s*\(lib[^ /]*\) =>.*#\1#p'); do
        set -- "$@" "$libraries/$library" "lib/x86_64-linux-gnu/$library"
      done
      image k8s.gcr.io/etcd:3.4.13-0 "$@"
      entry=', "Entrypoint": ["/pause"]'
      image k8s.gcr.io/pause:3.2 "$KUBERNETES/bin/pause" pause
      # containerd's own default.
      image registry.k8s.io/pause:3.6 "$KUBERNETES/bin/pause" pause

      cat > config.toml <<'END'
      version = 2
      disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
      END
      PATH=$OUT/tools/usr/bin:$OUT/tools/usr/sbin:$PATH
      containerd --config config.toml --root "$OUT/containerd" --state "$OUT/state" \
        --address "$OUT/socket" &
      daemon=$!
      tries=0
      until ctr --address "$OUT/socket" version; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || { echo "containerd doesn't answer" >&2; exit 1; }
        sleep 0.1
      done
      for file in *.tar; do
        say "unpacking ${file%.tar}"
        ctr --address "$OUT/socket" -n k8s.io images import --snapshotter overlayfs "$file"
      done
      ctr --address "$OUT/socket" -n k8s.io images ls -q
      kill $daemon
      wait $daemon || true
      find . -mindepth 1 -maxdepth 1 ! -name containerd -exec rm -rf {} +
      """#)
}
