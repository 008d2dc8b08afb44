# What one plain `ssh HOST sh < limit.sh` needs to read what site.yml reads of a host: its facts and the states of its
# forty tasks. Written by hand, each program started once where it takes many names.

# Facts: system, accounts, hardware, network, virtualisation.
uname -a
cat /etc/os-release /etc/debian_version /proc/1/comm /etc/machine-id /proc/cmdline /etc/resolv.conf /proc/loadavg \
  /proc/uptime /etc/ssh/ssh_host_ed25519_key.pub
getent ahosts "$(uname -n)"
getent hosts "$(uname -n)"
getconf LONG_BIT
command -v apt-get lsb_release
readlink /sbin/init
id
getent passwd "$(id -u)"
date '+%Y-%m-%d %H:%M:%S %s %Z %z %A %w %W %N'
date -u
env
grep -E '^(processor|vendor_id|model name|physical id|siblings|cpu cores|core id|flags)[[:space:]]*:' /proc/cpuinfo
nproc
grep -E '^(MemTotal|MemFree|Buffers|Cached|SwapTotal|SwapFree|SwapCached):' /proc/meminfo
grep . /sys/class/dmi/id/* 2> /dev/null
grep -E '^(/|[^ ]+:/)' /proc/mounts | while read -r device folder rest; do
  stat -f -c '%S %s %b %a %f %c %d' "$folder"
  echo "$device $rest"
done
ls -l /dev/disk/by-uuid 2> /dev/null
grep -H . /sys/block/*/size /sys/block/*/removable /sys/block/*/queue/rotational /sys/block/*/queue/logical_block_size \
  /sys/block/*/device/model /sys/block/*/device/vendor 2> /dev/null
ip -o addr show
grep -H . /sys/class/net/*/address /sys/class/net/*/mtu /sys/class/net/*/operstate /sys/class/net/*/flags \
  /sys/class/net/*/type 2> /dev/null
ip -4 route get 8.8.8.8 2> /dev/null
ip -6 route get 2404:6800:400a:800::1012 2> /dev/null
tr '\000' '\n' < /proc/1/environ
cat /proc/1/cgroup

# Packages.
dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' rsync jq tree nginx-light cron logrotate bash-completion

# Accounts.
getent group app deploy
getent passwd app deploy
id deploy
cat /etc/shadow | grep -E '^(app|deploy):'

# Folders, links, files: attributes, what is in them, texts that lines are looked for in.
stat -c '%n %F %a %U %G %s %Y %N' /etc/app /etc/app/conf.d /var/lib/app /var/log/app /srv/app/releases/1 \
  /srv/app/current /etc/nginx/sites-enabled/default /etc/app/version /etc/security/limits.d/60-app.conf \
  /usr/local/bin/app-check /etc/motd /etc/sysctl.d/60-app.conf /etc/app/app.conf /etc/app/conf.d/peers.conf \
  /etc/systemd/system/bench-app.service /etc/nginx/conf.d/app.conf /etc/login.defs /etc/default/app /etc/environment \
  /etc/sudoers.d/deploy /var/lib/app/database /etc/app/key /var/lib/app/first-start 2> /dev/null
stat -L -c '%n %F %a %U %G %s %Y %X %Z %i %h' /srv/app/current /var/lib/app/database
sha256sum /etc/app/version /etc/security/limits.d/60-app.conf /usr/local/bin/app-check /etc/motd \
  /etc/sysctl.d/60-app.conf /etc/app/app.conf /etc/app/conf.d/peers.conf /etc/systemd/system/bench-app.service \
  /etc/nginx/conf.d/app.conf
# Ansible's stat answers with the sum, too.
sha1sum /var/lib/app/database
cat /etc/login.defs /etc/default/app /etc/environment /etc/sudoers.d/deploy

# Units.
systemctl show --property=Id,LoadState,ActiveState,SubState,UnitFileState bench-app.service nginx.service cron.service \
  apt-daily.timer
