# What one plain `ssh HOST sh -s FOLDER < limit.sh` needs to read of a host's folder what site.yml reads, behind its facts
# (the first part of ../limit.sh).
cd "$1" || exit 1
stat -c '%n %F %a %U %G %s %Y %N' . etc lib releases/1 current etc/old.conf etc/version check etc/limits.conf \
  etc/app.conf etc/self.conf etc/environment etc/blocks lib/database lib/first 2> /dev/null
sha256sum etc/version check etc/limits.conf etc/app.conf etc/self.conf
sha1sum lib/database
cat etc/environment etc/blocks
getent group root
