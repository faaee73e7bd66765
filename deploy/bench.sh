#!/usr/bin/env bash
# Builds OrleansBackup and measures it. Figures are for the machine that is printed with them.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'TEXT'
Usage: deploy/bench.sh mail|engine [options]

  mail      first backup and no-change run of mailboxes, a large mailbox, restore of one item,
            Microsoft's limits used per mailbox against one limiter for the whole process
  engine    grain calls, activations, state writes and reminders of the bundled actor engine

deploy/bench.sh mail --help lists the options of a benchmark.
TEXT
}

case "${1:-}" in
    --help|-h) usage; exit 0 ;;
    mail|engine) ;;
    "") refuse "say what to measure: mail or engine (see --help)" ;;
    *) refuse "there is no benchmark '$1': mail or engine (see --help)" ;;
esac

require_dotnet
engine=Bundled
require_library libsqlite3.so.0 libsqlite3-0
build tests/OrleansBackup.Benchmarks
exec dotnet "$(program OrleansBackup.Benchmarks)" "$@"
