#!/usr/bin/env bash
# Makes what is installed, in target/package: a Debian package, a tarball for machines without a network, a list of
# components (SBOM, CycloneDX) and checksums.
#
#   scripts/package.sh                 builds the program first
#   BINARY=FILE scripts/package.sh     takes a program that is built already
#   VENDOR=1 scripts/package.sh        also the sources with everything they are built from, to build without a network
#
# Two runs on the same commit and program give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
arch=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

if [ -z "${BINARY:-}" ]; then
  cargo build --release --locked -p xinlian
  BINARY=target/release/xinlian
fi
[ -x "$BINARY" ] || { echo "package.sh: \`$BINARY\` is no program" >&2; exit 1; }

out=target/package
rm -rf "$out"
mkdir -p "$out"
stage=$(mktemp -d "${TMPDIR:-/tmp}/xinlian-package.XXXXXX")
trap 'rm -rf "$stage"' EXIT
# What the package holds is for everyone to read, whatever this shell makes.
umask 022

bundle() { # bundle FILE.tar.gz FOLDER: in one order, of one owner, of one moment
  tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
    -C "$stage" -cf - "$2" | gzip -n9 >"$1"
}

sbom="$out/xinlian-$version.cdx.json"
cargo run --quiet --locked -p xtask -- sbom >"$sbom"

settings() { # the example, with the places of a package set
  "$BINARY" config example | sed \
    -e 's|^#data = .*|data = "/var/lib/xinlian"|' \
    -e '/^\[backup\]/,$ s|^#folder = .*|folder = "/var/backups/xinlian"|'
}

docs() { # docs FOLDER
  install -d "$1"
  install -m 644 LICENSE README.md README.zh-CN.md CHANGELOG.md SECURITY.md docs/*.md docs/xinlian.example.toml "$1"
}

# --- the Debian package -----------------------------------------------------------------------------------------
deb="$stage/deb"
install -D -m 755 "$BINARY" "$deb/usr/bin/xinlian"
install -d "$deb/etc/xinlian"
settings >"$deb/etc/xinlian/xinlian.toml"
chmod 640 "$deb/etc/xinlian/xinlian.toml"
for unit in xinlian.service xinlian-backup.service xinlian-backup.timer; do
  install -D -m 644 "packaging/$unit" "$deb/lib/systemd/system/$unit"
done
install -D -m 644 packaging/sysusers.conf "$deb/usr/lib/sysusers.d/xinlian.conf"
docs "$deb/usr/share/doc/xinlian"
mv "$deb/usr/share/doc/xinlian/LICENSE" "$deb/usr/share/doc/xinlian/copyright"
install -m 644 "$sbom" "$deb/usr/share/doc/xinlian/sbom.cdx.json"
install -d "$deb/usr/share/bash-completion/completions" "$deb/usr/share/zsh/vendor-completions" \
  "$deb/usr/share/fish/vendor_completions.d" "$deb/usr/share/man/man1"
"$BINARY" completions bash >"$deb/usr/share/bash-completion/completions/xinlian"
"$BINARY" completions zsh >"$deb/usr/share/zsh/vendor-completions/_xinlian"
"$BINARY" completions fish >"$deb/usr/share/fish/vendor_completions.d/xinlian.fish"
"$BINARY" man --out "$deb/usr/share/man/man1"
gzip -n9 "$deb/usr/share/man/man1/"*
install -d "$deb/DEBIAN"
glibc=$(objdump -T "$BINARY" | sed -n 's/.*GLIBC_\([0-9.]*\).*/\1/p' | sort -uV | tail -n 1)
cat >"$deb/DEBIAN/control" <<CONTROL
Package: xinlian
Version: $version
Architecture: $arch
Maintainer: The Xinlian authors <noreply@example.org>
Installed-Size: $(du -sk "$deb/usr" | cut -f1)
Depends: libc6 (>= $glibc), libgcc-s1
Recommends: ca-certificates, fonts-wqy-microhei | fonts-noto-cjk
Suggests: postgresql, prometheus
Section: net
Priority: optional
Description: a city district's credit system
 Departments hand in records, everyone sees what is held and why it counts,
 and a good file opens doors. A grade can only add.
CONTROL
echo /etc/xinlian/xinlian.toml >"$deb/DEBIAN/conffiles"
install -m 755 packaging/debian/* "$deb/DEBIAN/"
find "$deb" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$deb" "$out/xinlian_${version}_$arch.deb" >/dev/null

# --- the tarball -------------------------------------------------------------------------------------------------
name="xinlian-$version-linux-$(uname -m)"
home="$stage/$name"
install -D -m 755 "$BINARY" "$home/bin/xinlian"
docs "$home/docs"
mv "$home/docs/README.md" "$home/docs/README.zh-CN.md" "$home/docs/LICENSE" "$home/"
install -d "$home/packaging"
install -m 644 packaging/*.service packaging/*.timer packaging/sysusers.conf packaging/Containerfile "$home/packaging/"
settings >"$home/packaging/xinlian.toml"
cp -r policies "$home/policies"
install -m 644 "$sbom" "$home/sbom.cdx.json"
(cd "$home" && find . -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS)
bundle "$out/$name.tar.gz" "$name"

if [ -n "${VENDOR:-}" ]; then
  source="xinlian-$version-sources"
  git archive --prefix="$source/" HEAD | tar -x -C "$stage"
  mkdir -p "$stage/$source/.cargo"
  (cd "$stage/$source" && cargo vendor --locked --quiet vendor >.cargo/config.toml)
  bundle "$out/$source.tar.gz" "$source"
fi

(cd "$out" && sha256sum -- * >SHA256SUMS)

# --- is it what it should be? ---------------------------------------------------------------------------------------
check="$stage/check"
mkdir -p "$check/tar" "$check/deb"
tar -xzf "$out/$name.tar.gz" -C "$check/tar"
(cd "$check/tar/$name" && sha256sum --quiet --check SHA256SUMS)
[ "$("$check/tar/$name/bin/xinlian" --version)" = "xinlian $version" ]
dpkg-deb -x "$out/xinlian_${version}_$arch.deb" "$check/deb"
"$check/deb/usr/bin/xinlian" config check --config "$check/deb/etc/xinlian/xinlian.toml" >/dev/null
(cd "$out" && sha256sum --quiet --check SHA256SUMS)

ls -l "$out"
