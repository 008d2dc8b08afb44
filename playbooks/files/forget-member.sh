# forget-member NAME: removes etcd's member of that name, if it is still listed; etcd refuses what would lose its quorum.
pki=/etc/kubernetes/pki/etcd
ask() { curl -sS --max-time 15 --noproxy '*' --cacert $pki/ca.crt --cert $pki/healthcheck-client.crt --key $pki/healthcheck-client.key -d "$2" "https://127.0.0.1:2379/v3/cluster/member/$1"; }
list=$(ask list '{}') || exit 1
id=$(printf '%s\n' "$list" | tr '{' '\n' | grep -F "\"name\":\"$NAME\"" | sed -n 's/.*"ID":"\([0-9]*\)".*/\1/p')
[ -n "$id" ] || { echo "no member $NAME"; exit 0; }
answer=$(ask remove "{\"ID\":\"$id\"}") || exit 1
case $answer in *'"members"'*) echo "removed member $id" ;; *) echo "etcd keeps member $id: $answer" >&2; exit 1 ;; esac
