# Prints etcd's members as this plane's own etcd lists them, one a line: ID, name, first client address, and whether
# it says itself that it is well. etcdctl is seldom on a host; etcd's gateway is asked by curl, with the plane's keys.
pki=/etc/kubernetes/pki/etcd
[ -e $pki/ca.crt ] || { echo "this plane has no etcd of kubeadm's: $pki/ca.crt is missing" >&2; exit 3; }
ask() { curl -sS --max-time 10 --noproxy '*' --cacert $pki/ca.crt --cert $pki/healthcheck-client.crt --key $pki/healthcheck-client.key "$@"; }
list=$(ask -d '{}' https://127.0.0.1:2379/v3/cluster/member/list) || exit 1
case $list in *'"members"'*) ;; *) echo "etcd doesn't name its members: $list" >&2; exit 1 ;; esac
printf '%s\n' "$list" | tr '{' '\n' | grep '"ID"' | while read -r member; do
  id=$(printf '%s' "$member" | sed -n 's/.*"ID":"\([0-9]*\)".*/\1/p')
  name=$(printf '%s' "$member" | sed -n 's/.*"name":"\([^"]*\)".*/\1/p')
  client=$(printf '%s' "$member" | sed -n 's/.*"clientURLs":\["\([^"]*\)".*/\1/p')
  health=sick
  if [ -n "$client" ]; then
    case $(ask --max-time 3 "$client/health" 2> /dev/null) in *'"health":"true"'*) health=well ;; esac
  fi
  echo "$id ${name:--} ${client:--} $health"
done
