# Tells this host's HAProxy in which state its server $NAME is: `maint` is sent nothing new, `ready` is looked at and asked.
# HAProxy forgets it when it starts anew or reads its configuration again.
for socket in /run/haproxy/admin.sock /var/lib/haproxy/stats; do [ ! -S "$socket" ] || break; done
[ -S "$socket" ] || exit 0 # it doesn't run here
ask() {
  if command -v socat > /dev/null; then echo "$1" | socat - "UNIX:$socket"; else
    perl -MIO::Socket::UNIX -e '
      my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 1;
      print $s "$ARGV[1]\n"; print while <$s>' "$socket" "$1"
  fi
}
# A host of several clusters has it in its own cluster's backend alone.
for server in $(ask "show servers state" | awk -v name="$NAME" '$4 == name { print $2 "/" $4 }'); do
  answer=$(ask "set server $server state $STATE")
  [ -z "$(echo $answer)" ] || { echo "HAProxy, $server: $answer" >&2; exit 1; }
done
