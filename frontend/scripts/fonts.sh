#!/usr/bin/env bash
# Cuts the two fonts down to what English needs, from the packages that package.json pins, into src/fonts/. Rarely run.
# Needs Python with fonttools 4.68.0 and brotli. Names are left out of the files: a cut font is not the original.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
LETTERS='U+0020-007E,U+00A0,U+00A3,U+00A9,U+00B0,U+00B1,U+00B7,U+00BD,U+00D7,U+00C9,U+00DF-00FF,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+203A,U+2212'
cut() {
  python3 -m fontTools.subset "$1" --unicodes="$LETTERS" --layout-features=kern --no-hinting --desubroutinize --name-IDs='' \
    --flavor=woff2 --output-file="src/fonts/$2.woff2"
}
between="$(mktemp).ttf"
python3 -m fontTools.varLib.instancer -q node_modules/@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2 wght=400:600 -o "$between"
cut "$between" sans
cut node_modules/@fontsource/source-serif-4/files/source-serif-4-latin-600-normal.woff2 serif
rm -f "$between"
