# What the scripts of this folder share. Sourced, not run.
#
# ORLEANSBACKUP_BUILD_ARGS  further arguments for every dotnet restore and build, such as
#                           "-p:RestoreConfigFile=/etc/nuget.config"; split at spaces.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
read -r -a build_args <<< "${ORLEANSBACKUP_BUILD_ARGS:-}"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*"; }

# A wrong call: the message, and status 2.
refuse() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 2
}

require_dotnet() {
    local version
    version="$(cd "$root" && dotnet --version 2>/dev/null)" || { say "The .NET 10 SDK is needed: no dotnet was found." >&2; exit 1; }
    [[ "${version%%.*}" -ge 10 ]] || { say "The .NET 10 SDK is needed; this machine has $version." >&2; exit 1; }
}

has_library() {
    PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -q "$1"
}

# require_package PACKAGE: installs the Debian package; status 1 when that is not possible.
require_package() {
    local as_root=()
    if [[ "$(id -u)" != 0 ]]; then
        command -v sudo > /dev/null || return 1
        as_root=(sudo)
    fi
    say "Installing $1."
    "${as_root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq "$1" > /dev/null
}

# require_library FILE PACKAGE: installs the Debian package when the system lacks the library.
require_library() {
    has_library "$1" && return
    require_package "$2" || { say "$1 is missing; install the Debian package $2." >&2; exit 1; }
    has_library "$1" || { say "$2 was installed, but $1 is still missing." >&2; exit 1; }
}

# choose_engine auto|orleans|bundled: sets $engine (Orleans or Bundled, as msbuild knows them) and $engine_reason.
choose_engine() {
    case "$1" in
        orleans) engine=Orleans; engine_reason="as asked" ;;
        bundled) engine=Bundled; engine_reason="as asked" ;;
        auto)
            if dotnet restore "$root/silo/OrleansBackup.Silo" -p:ActorRuntime=Orleans "${build_args[@]}" -v q > /dev/null 2>&1; then
                engine=Orleans; engine_reason="the Orleans packages restore here"
            else
                engine=Bundled; engine_reason="the Orleans packages do not restore here"
            fi ;;
        *) refuse "--engine must be auto, orleans or bundled, not '$1'" ;;
    esac
}

# build PROJECT: Release, for the chosen engine; the output is shown only when it fails.
build() {
    local log
    log="$(mktemp)"
    if ! dotnet build "$root/$1" -c Release -p:ActorRuntime="$engine" "${build_args[@]}" -v q -nologo > "$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        say "The build failed." >&2
        exit 1
    fi
    rm -f "$log"
}

# program PROJECT: where the build has put it.
program() {
    printf '%s/artifacts/%s/bin/%s/release/%s.dll' "$root" "${engine,,}" "$1" "$1"
}
