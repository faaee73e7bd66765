#!/usr/bin/env bash
# Builds OrleansBackup and shows it at work against a simulated Microsoft 365: onboarding, daily backups, restores, proof.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# --kill (not in the help) kills the server in the middle of the first full backup and starts it again: the run goes on by itself.
usage() {
    cat <<'TEXT'
Usage: deploy/demo.sh [options]

Starts the Graph simulator and the server on this machine, takes a customer into daily backup, lives some days,
deletes things, restores them and compares everything with the simulator's own history; then one rehearsal is held.

  --mail DIR       load every .eml file below DIR into the simulated mailboxes, besides generated mail
  --users N        mailboxes of users (default 8); shared, room and equipment mailboxes come on top
  --days D         days of life after the first full backup (default 5)
  --messages N     generated messages in each mailbox at the start (default 60)
  --data DIR       write everything here (default .demo); a folder with other files in it is refused,
                   a folder of an earlier demonstration starts afresh
  --engine E       auto (default: Orleans where its packages restore, else bundled), orleans or bundled
  --exit           end after the comparison, with status 0 or 1; else the server stays up until Ctrl-C
  --help           show this

The last line is 'RESULT ok …' or 'RESULT failed …'.
TEXT
}

number() {
    [[ "$2" =~ ^[0-9]{1,7}$ && "$2" -ge 1 ]] || refuse "$1 needs a number from 1 on, not '$2'"
}

engine_choice=auto
data="$root/.demo"
arguments=()
while [[ $# -gt 0 ]]; do
    case "$1" in
        --help|-h) usage; exit 0 ;;
        --exit|--kill) arguments+=("$1"); shift; continue ;;
        --mail|--users|--days|--messages|--data|--engine) [[ $# -ge 2 && -n "$2" ]] || refuse "$1 needs a value (see --help)" ;;
        *) refuse "unknown option '$1' (see --help)" ;;
    esac
    case "$1" in
        --mail) [[ -d "$2" ]] || refuse "--mail: there is no folder '$2'"
                [[ -n "$(find "$2" -iname '*.eml' -print -quit)" ]] || refuse "--mail: no .eml file below '$2'"
                arguments+=(--mail "$(cd "$2" && pwd)") ;;
        --users|--days|--messages) number "$1" "$2"; arguments+=("$1" "$2") ;;
        --data) [[ ! -e "$2" || -d "$2" ]] || refuse "--data: '$2' is not a folder"
                [[ ! -d "$2" || -e "$2/orleansbackup-demo.marker" || -z "$(ls -A "$2")" ]] || refuse "--data: '$2' is not empty and not from an earlier demonstration"
                data="$2" ;;
        --engine) [[ "$2" =~ ^(auto|orleans|bundled)$ ]] || refuse "--engine must be auto, orleans or bundled, not '$2'"; engine_choice="$2" ;;
    esac
    shift 2
done

require_dotnet
choose_engine "$engine_choice"
say "Actor engine: ${engine,,} ($engine_reason)."
require_library libsqlite3.so.0 libsqlite3-0
say "Building (Release)…"
build tests/OrleansBackup.Demo
exec dotnet "$(program OrleansBackup.Demo)" --data "$data" "${arguments[@]}"
