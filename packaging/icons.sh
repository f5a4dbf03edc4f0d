#!/bin/bash
# Makes icons/*.png, .ico and .icns from icons/handover.svg; what it makes is committed.
# Needs librsvg2-bin, icoutils and icnsutils.
set -euo pipefail
cd "$(dirname "$0")/../icons"

png() { for size in "$@"; do echo "handover-$size.png"; done; }

for size in 16 24 32 48 64 128 256 512 1024; do
    rsvg-convert --width "$size" --height "$size" --output "handover-$size.png" handover.svg
done
# shellcheck disable=SC2046
icotool --create --output handover.ico $(png 16 24 32 48 64 128) --raw handover-256.png
# shellcheck disable=SC2046
png2icns handover.icns $(png 16 32 48 128 256 512 1024)
