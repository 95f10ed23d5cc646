# Takes rounds in turns, so that what disturbs the machine disturbs all, and compares medians.

declare -A taken

median() { tr ' ' '\n' <<<"${1# }" | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

# timed COMMAND …: how long it took, in `value`.
timed() {
    local began=$EPOCHREALTIME
    "$@"
    value=$(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f", b - a }')
}

# rate NAME PATH CONNECTIONS SECONDS [WRK OPTION …]: answers per second, in `value`.
rate() {
    local name=$1 path=$2 connections=$3 length=$4
    shift 4
    wrk --threads $((connections > 1 ? 2 : 1)) --connections "$connections" --duration "${length}s" --latency \
        --header "Host: ${host[$name]}" --header "Authorization: ${authorization[$name]}" \
        "$@" "http://${address[$name]}$path" >"$work/wrk" 2>&1
    if grep -E 'Non-2xx|Socket errors' "$work/wrk" >&2; then
        echo "$name did not answer all of $path" >&2
        exit 1
    fi
    value=$(awk '/Requests\/sec/ { print $2 }' "$work/wrk")
}

# note NAME: keeps `value` as a round of that server.
note() { taken[$1]+=" $value"; }

# row WHAT UNIT MORE|LESS [NAME …]: the medians, and how many times better than each of the named ones we are.
row() {
    local what=$1 unit=$2 better=$3 ours name text='' ratio
    shift 3
    ours=$(median "${taken[acr]}")
    for name in "$@"; do
        ratio=$(awk -v us="$ours" -v them="$(median "${taken[$name]}")" -v better="$better" \
            'BEGIN { printf "%.2f", better == "MORE" ? us / them : them / us }')
        text+=$(printf '   %s %s (%s×)' "$name" "$(median "${taken[$name]}")" "$ratio")
    done
    printf '%-34s acr %s %s%s\n' "$what" "$ours" "$unit" "$text"
    taken=()
}
