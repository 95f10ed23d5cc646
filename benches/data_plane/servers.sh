# Starts this program and its two peers side by side, each on a free port with a folder of its own.
#
# After `start_all` the maps say of each of them (`acr`, `docker-registry`, `distribution`): where it is, as whom it has
# to be asked, and which process it is.

declare -A address host authorization process
peers=(docker-registry distribution)
repository=app

free_port() {
    local port
    while port=$((20000 + RANDOM % 20000)); do
        (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

# await NAME PATH: until the server answers there at all.
await() {
    until curl --silent --output /dev/null "http://${address[$1]}$2"; do
        kill -0 "${process[$1]}" || { cat "$work/$1.log" >&2; exit 1; }
        sleep 0.05
    done
}

# start_peer NAME PROGRAM: both peers read the same settings.
start_peer() {
    address[$1]=127.0.0.1:$(free_port)
    host[$1]=${address[$1]}
    authorization[$1]='Bearer none'
    cat >"$work/$1.yml" <<SETTINGS
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $work/$1 }, delete: { enabled: true } }
http: { addr: ${address[$1]} }
SETTINGS
    OTEL_TRACES_EXPORTER=none "$2" serve "$work/$1.yml" >"$work/$1.log" 2>&1 &
    process[$1]=$!
    await "$1" /v2/
}

# start_acr NAME: on the folder of that name, with a registry and a token of its administrator that may pull and push.
start_acr() {
    local folder=$work/$1 login
    address[$1]=127.0.0.1:$(free_port)
    export ACR_CONFIG_DIR=$folder.cli
    "$acr" serve --listen "${address[$1]}" --data-dir "$folder" >"$work/$1.log" 2>&1 &
    process[$1]=$!
    await "$1" /readyz
    "$acr" show --name bench --output none 2>/dev/null || "$acr" create --name bench --sku premium --output none
    host[$1]=bench.localhost:${address[$1]##*:}
    login=$(jq -r '.clientId + ":" + .clientSecret' "$folder/admin.json")
    authorization[$1]="Bearer $(curl --silent --user "$login" --header "Host: ${host[$1]}" \
        "http://${address[$1]}/oauth2/token?service=${host[$1]}&scope=repository:$repository:pull,push,metadata_read&scope=registry:catalog:*" |
        jq -r .access_token)"
}

# stop NAME
stop() {
    kill "${process[$1]}"
    wait "${process[$1]}" || true
    unset "process[$1]"
}

stop_all() {
    local name
    for name in "${!process[@]}"; do
        stop "$name" 2>/dev/null
    done
}

# memory NAME FIELD: a line of the process's status in MB.
memory() { awk -v field="$2:" '$1 == field { printf "%.0f", $2 / 1024 }' "/proc/${process[$1]}/status"; }

# forget_peak NAME: lets the peak begin anew at what is used now.
forget_peak() { echo 5 >"/proc/${process[$1]}/clear_refs"; }
