#!/usr/bin/env bash
# Builds OrleansBackup and measures it. Figures are for the machine that is printed with them.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'TEXT'
Usage: deploy/bench.sh mail|engine|cluster|vault|workloads [options]

  mail      first backup and no-change run of mailboxes, a large mailbox, restore of one item,
            Microsoft's limits used per mailbox against one limiter for the whole process
  workloads files (one of 5 GB too), lists, pages and channel messages, events, contacts and tasks, and the cost of
            Exchange's own form of items; or one of them: files, collaboration, items, exports, with its options
  vault     the vault by itself: real mail beside restic and borg (installed where they are missing), restores,
            a mailbox of a million messages, many restore points, 120 days of life
  engine    grain calls, activations, state writes and reminders of the actor engines
  cluster   the service at its size, with a stub for Microsoft 365: 100,000 mailboxes registered, started, at rest
            and active; daily runs without change; all overdue at once. Half an hour for each engine. The bundled
            engine keeps its state in SQLite, Orleans in a PostgreSQL that is started for it (and is not installed by this)

engine and cluster take --engine both|orleans|bundled first: both, the default, measures one after the other and
prints the figures of the second beside the first's with their ratio, where the Orleans packages restore.

deploy/bench.sh mail --help lists the options of a benchmark.
TEXT
}

# measure BENCHMARK [options]: builds for the chosen engine and runs.
measure() {
    build tests/OrleansBackup.Benchmarks
    dotnet "$(program OrleansBackup.Benchmarks)" "$@"
}

# measure_engines WHICH BENCHMARK [options]
measure_engines() {
    local which="$1" figures
    shift
    case "$which" in
        orleans|bundled)
            choose_engine "$which"
            measure "$@"
            return ;;
        both) ;;
        *) refuse "--engine must be both, orleans or bundled, not '$which'" ;;
    esac
    figures="$(mktemp)"
    engine=Bundled
    measure "$@" --save "$figures"
    choose_engine auto
    if [[ "$engine" == Orleans ]]; then
        say
        measure "$@" --beside "$figures"
    else
        say "Orleans is not measured: $engine_reason."
    fi
    rm -f "$figures"
}

case "${1:-}" in
    --help|-h) usage; exit 0 ;;
    mail|engine|cluster|vault|workloads) benchmark="$1"; shift ;;
    "") refuse "say what to measure: mail, engine, cluster, vault or workloads (see --help)" ;;
    *) refuse "there is no benchmark '$1': mail, engine, cluster, vault or workloads (see --help)" ;;
esac

require_dotnet
engine=Bundled
require_library libsqlite3.so.0 libsqlite3-0
if [[ "$benchmark" == vault ]]; then
    for peer in restic:restic borg:borgbackup; do # without them the benchmark says so and leaves their figures out
        command -v "${peer%%:*}" > /dev/null || require_package "${peer##*:}" || say "${peer%%:*} cannot be installed here."
    done
fi
if [[ "$benchmark" == engine || "$benchmark" == cluster ]]; then
    which=both
    if [[ "${1:-}" == --engine ]]; then
        which="${2:-}"
        shift; shift || true
    fi
    measure_engines "$which" "$benchmark" "$@"
elif [[ "$benchmark" == workloads && $# -gt 0 ]]; then
    measure "$@"
elif [[ "$benchmark" == workloads ]]; then
    for workload in files collaboration items exports; do # mail has a benchmark of its own; each has its own options
        measure "$workload"
    done
else
    measure "$benchmark" "$@"
fi
