#!/usr/bin/env bash
# Builds OrleansBackup and measures it. Figures are for the machine that is printed with them.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'TEXT'
Usage: deploy/bench.sh mail|engine|vault [options]

  mail      first backup and no-change run of mailboxes, a large mailbox, restore of one item,
            Microsoft's limits used per mailbox against one limiter for the whole process
  vault     the vault by itself: real mail beside restic and borg (installed where they are missing), restores,
            a mailbox of a million messages, many restore points, 120 days of life
  engine    grain calls, activations, state writes and reminders of the bundled actor engine

deploy/bench.sh mail --help lists the options of a benchmark.
TEXT
}

case "${1:-}" in
    --help|-h) usage; exit 0 ;;
    mail|engine|vault) ;;
    "") refuse "say what to measure: mail, engine or vault (see --help)" ;;
    *) refuse "there is no benchmark '$1': mail, engine or vault (see --help)" ;;
esac

require_dotnet
engine=Bundled
require_library libsqlite3.so.0 libsqlite3-0
if [[ "$1" == vault ]]; then
    for peer in restic:restic borg:borgbackup; do # without them the benchmark says so and leaves their figures out
        command -v "${peer%%:*}" > /dev/null || require_package "${peer##*:}" || say "${peer%%:*} cannot be installed here."
    done
fi
build tests/OrleansBackup.Benchmarks
exec dotnet "$(program OrleansBackup.Benchmarks)" "$@"
