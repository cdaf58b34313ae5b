#!/usr/bin/env bash
# Does with what `make package` made what docs/operations.md says, in a Debian of its own and without a network: installs the
# package, makes a store, serves, backs up, brings back, upgrades, removes and purges; then the tarball, the units, and the program
# on a root that is read-only, as the container file runs it.
#
#   scripts/package-check.sh           in a Debian that debootstrap makes in target/debian-root, once
#   DEBIAN_ROOT=DIR …                  in a copy of that one
#   MIRROR=ADDRESS …                   taken from there
#
# Needs root (chroot, mounts), debootstrap, curl, iproute2 and systemd-analyze. Where they are not to be had it says so and ends well: it
# is a part of `make assure`, not of CI.
set -euo pipefail
cd "$(dirname "$0")/.."

MIRROR=${MIRROR:-http://deb.debian.org/debian}
SUITE=bookworm
out=target/package
DEBIAN_ROOT=${DEBIAN_ROOT:-$PWD/target/debian-root}

say() { echo "package-check: $*"; }
fail() { echo "package-check: FAULT: $*" >&2; exit 1; }

# The second run of this script is inside a network and mounts of its own.
if [ "${1:-}" != inside ]; then
  [ "$(id -u)" -eq 0 ] || { say "left out: it needs root"; exit 0; }
  for tool in curl ip systemd-analyze unshare; do
    command -v "$tool" >/dev/null || { say "left out: \`$tool\` is not here"; exit 0; }
  done
  compgen -G "$out/xinlian_*.deb" >/dev/null || fail "there is no package in $out: run \`make package\`"
  if [ ! -e "$DEBIAN_ROOT/etc/debian_version" ]; then
    command -v debootstrap >/dev/null || { say "left out: \`debootstrap\` is not here"; exit 0; }
    say "making a Debian in $DEBIAN_ROOT, once"
    debootstrap --variant=minbase "$SUITE" "$DEBIAN_ROOT.new" "$MIRROR" >/dev/null
    mv "$DEBIAN_ROOT.new" "$DEBIAN_ROOT"
  fi
  stage=$(mktemp -d "${TMPDIR:-/tmp}/xinlian-package-check.XXXXXX")
  trap 'rm -rf "$stage"' EXIT
  stage=$stage DEBIAN_ROOT=$DEBIAN_ROOT unshare --mount --net --pid --fork --mount-proc "$0" inside
  exit
fi

ip link set lo up
root=$stage/root
address=http://127.0.0.1:8430
(cd "$out" && sha256sum --quiet --check SHA256SUMS)
deb=$(compgen -G "$out/xinlian_*.deb" | head -n 1)
tarball=$(compgen -G "$out/xinlian-*-linux-*.tar.gz" | head -n 1)

fresh() { # a Debian in which nothing of ours has ever been
  if [ -d "$root" ]; then umount --recursive "$root/proc"; fi
  rm -rf "$root"
  cp -a "$DEBIAN_ROOT" "$root"
  mount -t proc proc "$root/proc"
}

within() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"; }
ours() { within runuser -u xinlian -- "$@"; }
rights() { within stat -c '%a %U:%G' "$1"; }

must_be() { # must_be WHAT FOUND EXPECTED
  [ "$2" = "$3" ] || fail "$1 is \`$2\`, not \`$3\`"
}

serving=
start() { # start PROGRAM ARGS…: serves until `stop`; ready when this returns
  ours "$@" serve >"$stage/serve.log" 2>&1 &
  serving=$!
  for _ in $(seq 150); do
    [ "$(status /readyz)" = 200 ] && return
    kill -0 "$serving" 2>/dev/null || break
    sleep 0.2
  done
  cat "$stage/serve.log" >&2
  fail "it does not get ready: $(curl -sS "$address/readyz" || true)"
}

status() { curl -s -o /dev/null -w '%{http_code}' "$address$1" || true; }

stop() {
  kill -TERM "$(pgrep -n -x xinlian)"
  wait "$serving" || fail "it ended with $?"
}

installed() {
  must_be "the user's home and shell" "$(within getent passwd xinlian | cut -d: -f6,7)" /var/lib/xinlian:/usr/sbin/nologin
  must_be "the store's folder" "$(rights /var/lib/xinlian)" "700 xinlian:xinlian"
  must_be "the folder of backups" "$(rights /var/backups/xinlian)" "700 xinlian:xinlian"
  must_be "the settings" "$(rights /etc/xinlian/xinlian.toml)" "640 root:xinlian"
  must_be "what is in the store's folder" "$(within ls -A /var/lib/xinlian)" ""
}

first_day() { # first_day PROGRAM: as the book has it
  ours "$@" config check >/dev/null
  ours "$@" init >/dev/null
  must_be "the key file" "$(rights /var/lib/xinlian/keys.toml)" "600 xinlian:xinlian"
  ours "$@" staff add chen --name 陈科员 --source chancheng.market --role officer <<<"a long enough password" >"$stage/staff.log"
  start "$@"
  must_be "the start page" "$(status /)" 200
  ours "$@" backup >/dev/null
  ours "$@" doctor >"$stage/doctor.log" || { cat "$stage/doctor.log" >&2; fail "the doctor is not content"; }
}

brought_back() { # brought_back PROGRAM: the newest backup, into another folder
  backup=$(within sh -c 'ls -d /var/backups/xinlian/xinlian-* | tail -n 1')
  ours "$@" restore --dry-run --from "$backup" >/dev/null
  ours "$@" restore --from "$backup" --into /var/lib/xinlian/back --keys-from /var/lib/xinlian/keys.toml >/dev/null
  ours "$@" verify --data /var/lib/xinlian/back >/dev/null
}

say "the package is installed"
fresh
cp "$deb" "$root/srv/xinlian.deb"
within dpkg --install /srv/xinlian.deb >/dev/null
installed
say "the first day, a backup, and bringing it back"
first_day xinlian
brought_back xinlian

say "an upgrade while it serves; settings that were changed stay"
echo "# changed by hand" >>"$root/etc/xinlian/xinlian.toml"
dpkg-deb -R "$deb" "$stage/next"
sed -i 's/^Version: .*/&+1/' "$stage/next/DEBIAN/control"
echo "# another default" >>"$stage/next/etc/xinlian/xinlian.toml"
dpkg-deb --root-owner-group -Znone --build "$stage/next" "$root/srv/next.deb" >/dev/null
within env DEBIAN_FRONTEND=noninteractive dpkg --install --force-confold /srv/next.deb >/dev/null 2>&1
must_be "the start page during the upgrade" "$(status /)" 200
stop
start xinlian
must_be "the start page after it" "$(status /)" 200
grep -q "changed by hand" "$root/etc/xinlian/xinlian.toml" || fail "the upgrade took settings away"
must_be "the settings after the upgrade" "$(rights /etc/xinlian/xinlian.toml)" "640 root:xinlian"
ours xinlian verify >/dev/null
stop

say "it is removed and purged; what people own stays"
within dpkg --remove xinlian >/dev/null
[ ! -e "$root/usr/bin/xinlian" ] || fail "the program is still there"
[ -e "$root/etc/xinlian/xinlian.toml" ] || fail "settings went with the program"
within dpkg --purge xinlian >/dev/null
[ ! -e "$root/etc/xinlian" ] || fail "settings are still there"
for kept in /var/lib/xinlian/xinlian.db /var/lib/xinlian/keys.toml; do
  [ -e "$root$kept" ] || fail "\`$kept\` is gone"
done
within sh -c 'ls -d /var/backups/xinlian/xinlian-*' >/dev/null

say "the tarball, where nothing was installed"
fresh
tar -xzf "$tarball" -C "$root/opt"
home=$(basename "$tarball" .tar.gz)
(cd "$root/opt/$home" && sha256sum --quiet --check SHA256SUMS)
# As the book has it, but for the user: this Debian has no systemd.
install -m 755 "$root/opt/$home/bin/xinlian" "$root/usr/bin/xinlian"
within useradd --system --home-dir /var/lib/xinlian --shell /usr/sbin/nologin xinlian
within install -d -o xinlian -g xinlian -m 0700 /var/lib/xinlian /var/backups/xinlian
within install -d -m 0755 /etc/xinlian
within install -g xinlian -m 0640 "/opt/$home/packaging/xinlian.toml" /etc/xinlian/xinlian.toml
first_day xinlian
stop

install -m 755 "$root/usr/bin/xinlian" "$stage/xinlian"

say "the units, and what they permit"
# They are looked at beside those of this machine: this Debian has no systemd of its own.
install -d "$root/etc/systemd/system" "$root/usr/lib/systemd"
cp -a /lib/systemd/system "$root/usr/lib/systemd/"
install -m 644 "$root/opt/$home/packaging/"*.service "$root/opt/$home/packaging/"*.timer "$root/etc/systemd/system/"
for unit in xinlian.service xinlian-backup.service xinlian-backup.timer; do
  systemd-analyze verify --root="$root" --man=no "$unit" 2>"$stage/verify.log" || true
  ! grep -i "$unit" "$stage/verify.log" || fail "systemd does not like \`$unit\`"
done
for unit in xinlian.service xinlian-backup.service; do
  systemd-analyze security --offline=true --root="$root" --threshold=20 --no-pager "$unit" >"$stage/security.log" ||
    { cat "$stage/security.log" >&2; fail "\`$unit\` is open wider than 2.0"; }
  tail -n 1 "$stage/security.log"
done

say "as in a container: on a root that is read-only"
fresh
install -m 755 "$stage/xinlian" "$root/usr/bin/xinlian"
within useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/xinlian --shell /usr/sbin/nologin xinlian
within install -d -o xinlian -g xinlian -m 0700 /var/lib/xinlian
umount "$root/proc"
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs -o mode=0700,uid=10001,gid="$(within id -g xinlian)" tmpfs "$root/var/lib/xinlian"
contained=(env XINLIAN_DATA=/var/lib/xinlian XINLIAN_HOST=0.0.0.0 XINLIAN_LOG_FORMAT=json xinlian)
ours "${contained[@]}" init >/dev/null
start "${contained[@]}"
must_be "the start page" "$(status /)" 200
stop
umount --recursive "$root"
say "all is as the book says"
