#!/usr/bin/env bash
#
# Two nodes and a Redis, this server's against Socket.IO's: processor time of the nodes for each delivered message, and delays, for a
# client of one node whose messages go to clients of the other one. docs/clustering.md says how to run it and what it needs.
#
#   run.sh JAR FOLDER-WITH-NODE_MODULES [RECEIVERS PER-SECOND SECONDS]
#
# ONLY (default: hexsocket-nio hexsocket-vertx local alone socketio-redis socketio-streams) says what is measured, WARM_SECONDS
# (default 20) how long each runs before.

set -euo pipefail
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
jar=$(realpath "$1") modules=$(realpath "$2")/node_modules
receivers=${3:-1000} rate=${4:-20} seconds=${5:-15}
only=${ONLY:-hexsocket-nio hexsocket-vertx local alone socketio-redis socketio-streams}
export WARM_SECONDS=${WARM_SECONDS:-20}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT

start() { # NAME LINE-TO-WAIT-FOR COMMAND...
    local out=$work/$1.log
    : >"$out"
    "${@:3}" >"$out" 2>&1 &
    pids+=($!)
    until grep -q "$2" "$out"; do
        kill -0 "${pids[-1]}" 2>/dev/null || { cat "$out" >&2; exit 1; }
        sleep 0.1
    done
}

stop() { # the two nodes
    local i
    for i in 1 2; do
        kill "${pids[-1]}" && wait "${pids[-1]}" || true
        unset 'pids[-1]'
    done
}

load() { # NAME KIND PORT-OF-THE-RECEIVERS
    echo -n "$1: "
    NODE_PATH=$modules node "$here/load.cjs" "$2" 7101 "$3" "$receivers" "$rate" "$seconds" "${pids[1]},${pids[2]}" "${pids[0]}" || true
}

hexsocket() { # OPTIONS...
    local port
    for port in 7101 7102; do
        start "$port" 'registered app /broadcast' java -Xmx256m -XX:+UseSerialGC -jar "$jar" --address "ws://127.0.0.1:$port" \
            --limits.messagesPerSecond 0 --limits.bytesPerSecond 0 "$@"
    done
}

socketio() { # ADAPTER
    local port
    for port in 7101 7102; do
        start "$port" listening env NODE_PATH="$modules" node "$here/socketio.cjs" "$port" redis://127.0.0.1:7100 "$1"
    done
}

start redis 'Ready to accept' redis-server --port 7100 --bind 127.0.0.1 --save ''
openssl rand -hex 32 >"$work/secret"
cluster=(--cluster redis://127.0.0.1:7100 --cluster-secret "$work/secret")
for what in $only; do
    case $what in
        hexsocket-*) hexsocket --transport "${what#hexsocket-}" "${cluster[@]}"; load "$what" hexsocket 7102 ;;
        local) hexsocket "${cluster[@]}"; load "all clients on one of two nodes" hexsocket 7101 ;;
        alone) hexsocket; load "all clients on one server without a cluster" hexsocket 7101 ;;
        socketio-*) socketio "${what#socketio-}"; load "$what" socketio 7102 ;;
        *) echo "ONLY: what is $what?" >&2; exit 1 ;;
    esac
    stop
done
