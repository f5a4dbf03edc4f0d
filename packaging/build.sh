#!/bin/bash
# Makes, on Linux, target/image (jlink), target/dist/handover (app image) and target/dist/handover_*.deb,
# after "mvn -B verify" or "mvn -B package". The same by hand and in CI; needs no display.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "build.sh: $*" >&2; exit 1; }

[ -d target/handover/lib ] || fail "run mvn -B package first"

# The JDK the launcher was made for is the JDK Handover was compiled with
jdk=${HANDOVER_JAVA_HOME:-$(sed -n "s/.*\"\$JAVA_HOME\" '\(.*\)'; do/\1/p" target/handover/bin/handover)}
[ -x "$jdk/bin/jlink" ] || fail "no jlink in $jdk; set HANDOVER_JAVA_HOME to a JDK 25"
version=$(sed -n 's:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -n 1)
arch=$(dpkg --print-architecture)
image=target/image
dist=target/dist
deb=target/deb

rm -rf "$image" "$dist" "$deb"
"$jdk/bin/java" packaging/MakeImageModules.java
"$jdk/bin/jlink" @jlink.conf

# Classes loaded and linked ahead of time halve the start and shorten the write pause. The training run moves a small
# database between the demo's servers, shows the window on the headless platform, and ends by itself.
HANDOVER_FOLDER=target/training timeout 300 "$image/bin/java" -Xmx400m -XX:+UseSerialGC -XX:AOTCacheOutput="$image/lib/handover.aot" \
    -Dglass.platform=Headless -Dprism.order=sw -Dhandover.training=true -Dhandover.training.servers=target/handover/bin/handover \
    -m io.handover/io.handover.Main >target/training.log || fail "the training run did not end well; target/training.log says why"
! grep -q "^No migration was learnt from" target/training.log || fail "the training run moved no database; target/training.log says why"

"$jdk/bin/jpackage" @packaging/linux/jpackage.conf --app-version "$version"

# Not "jpackage --type deb": its scripts fail where there is no desktop, and its dependencies are those of the
# machine that builds.
install -d "$deb/DEBIAN" "$deb/opt" "$deb/usr/bin"
cp -a "$dist/handover" "$deb/opt/handover"
# What the launcher of the build does to passwords and in the C locale, jpackage's own cannot
{
    printf '#!/bin/sh\n# Starts Handover.\n\n'
    sed -n '/^# A password in a URI/,/^esac$/p' packaging/launcher/handover
    printf '\nexec /opt/handover/bin/handover "$@"\n'
} >"$deb/usr/bin/handover"
grep -q HANDOVER_SOURCE_URI "$deb/usr/bin/handover" || fail "packaging/launcher/handover no longer has the part that hides passwords"
chmod 755 "$deb/usr/bin/handover"
install -D -m 644 packaging/linux/handover.desktop "$deb/usr/share/applications/handover.desktop"
install -D -m 644 packaging/linux/copyright "$deb/usr/share/doc/handover/copyright"
install -D -m 644 icons/handover.svg "$deb/usr/share/icons/hicolor/scalable/apps/handover.svg"
for size in 16 24 32 48 64 128 256 512; do
    install -D -m 644 "icons/handover-$size.png" "$deb/usr/share/icons/hicolor/${size}x$size/apps/handover.png"
done
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$(du -sk "$deb" | cut -f 1)/" \
    packaging/linux/control >"$deb/DEBIAN/control"
dpkg-deb --root-owner-group -Zzstd -z9 --build "$deb" "$dist/handover_${version}_$arch.deb"
rm -rf "$deb" target/image-modules

du -sh "$image" "$dist/handover" "$dist"/*.deb
