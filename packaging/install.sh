#!/bin/sh
# Builds ws2spi and installs it, so that `cc app.c $(pkg-config --cflags --libs ws2spi)` works, and with
# it the command ws2spi, its completions for bash, zsh and fish, and its man pages.
#
#   packaging/install.sh [--prefix=DIR] [--libdir=DIR] [--includedir=DIR] [--profile=NAME]
#
# DIR defaults to /usr/local, PREFIX/lib and PREFIX/include. DESTDIR in the environment is put before
# every path that is written, and into no file. The headers go to INCLUDEDIR/ws2spi, where they shadow
# nothing of the system's. The command finds the library in PREFIX/lib, in PREFIX/lib64, in
# PREFIX/lib/MACHINE-linux-gnu, or where the system looks for libraries. NAME is the cargo profile to build in, release if not said; CARGO_TARGET_DIR
# in the environment is where to build.
set -eu

die() {
    echo "install.sh: $*" >&2
    exit 1
}

prefix=/usr/local libdir='' includedir='' profile=release
while [ $# -gt 0 ]; do
    case $1 in
    --prefix=* | --libdir=* | --includedir=*) name=${1%%=*} value=${1#*=} ;;
    --profile=*)
        profile=${1#*=}
        shift
        continue
        ;;
    --prefix | --libdir | --includedir)
        [ $# -ge 2 ] || die "$1 needs a folder"
        name=$1 value=$2
        shift
        ;;
    -h | --help)
        sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    *) die "unknown option $1 (see --help)" ;;
    esac
    case $value in
    /*) ;;
    *) die "$name needs an absolute path, not '$value'" ;;
    esac
    case $name in
    --prefix) prefix=$value ;;
    --libdir) libdir=$value ;;
    --includedir) includedir=$value ;;
    esac
    shift
done
libdir=${libdir:-$prefix/lib}
includedir=${includedir:-$prefix/include}
destdir=${DESTDIR:-}

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
version=$(sed -n '/^\[workspace\.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
[ -n "$version" ] || die "no version in Cargo.toml"
major=${version%%.*}

# Programs linked statically need what Rust's own library needs; the compiler says what that is. Not
# -lgcc_s, which has no static form: the C compiler adds the unwinder that fits.
echo "Building ws2spi $version"
case $profile in
dev) folder=debug ;;
*) folder=$profile ;;
esac
built=${CARGO_TARGET_DIR:-$root/target}/$folder
notes=$(cargo rustc --quiet --profile "$profile" --locked -p ws2spi --lib -- --print native-static-libs 2>&1) ||
    die "$notes"
static_libs=$(printf '%s\n' "$notes" | sed -n 's/^note: native-static-libs: //p' |
    sed 's/-lgcc_s *//')
[ -n "$static_libs" ] || die "the compiler did not say which libraries the static one needs"
# Before the command is built, which makes the library once more, for itself.
staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
cp "$built/libws2spi.so" "$built/libws2spi.a" "$staged/"
cargo build --quiet --profile "$profile" --locked -p ws2spi-cli --bin ws2spi

fill() {
    sed -e "s|@prefix@|$prefix|g" -e "s|@libdir@|$libdir|g" -e "s|@includedir@|$includedir|g" \
        -e "s|@version@|$version|g" -e "s|@major@|$major|g" -e "s|@static_libs@|$static_libs|g" "$1"
}

share=$prefix/share
install -d "$destdir$libdir/pkgconfig" "$destdir$libdir/cmake/ws2spi" "$destdir$includedir/ws2spi" \
    "$destdir$prefix/bin" "$destdir$share/bash-completion/completions" \
    "$destdir$share/zsh/site-functions" "$destdir$share/fish/vendor_completions.d" "$destdir$share/man/man1"
install -m 755 "$staged/libws2spi.so" "$destdir$libdir/libws2spi.so.$version"
ln -sf "libws2spi.so.$version" "$destdir$libdir/libws2spi.so.$major"
ln -sf "libws2spi.so.$major" "$destdir$libdir/libws2spi.so"
install -m 644 "$staged/libws2spi.a" "$destdir$libdir/libws2spi.a"
install -m 644 include/*.h "$destdir$includedir/ws2spi/"
fill packaging/ws2spi.pc.in >"$destdir$libdir/pkgconfig/ws2spi.pc"
fill packaging/ws2spiConfig.cmake.in >"$destdir$libdir/cmake/ws2spi/ws2spiConfig.cmake"
install -m 755 "$built/ws2spi" "$destdir$prefix/bin/ws2spi"
install -m 644 packaging/completions/ws2spi "$destdir$share/bash-completion/completions/ws2spi"
install -m 644 packaging/completions/_ws2spi "$destdir$share/zsh/site-functions/_ws2spi"
install -m 644 packaging/completions/ws2spi.fish "$destdir$share/fish/vendor_completions.d/ws2spi.fish"
install -m 644 packaging/man/*.1 "$destdir$share/man/man1/"

# The linker's cache, where this is the real place and the user may write it.
if [ -z "$destdir" ] && [ "$(id -u)" = 0 ] && command -v ldconfig >/dev/null; then
    ldconfig
fi
echo "Installed ws2spi $version: $destdir$libdir, $destdir$includedir/ws2spi, $destdir$prefix/bin/ws2spi"
