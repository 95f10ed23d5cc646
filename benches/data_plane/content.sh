# Pushes and pulls as clients of registries do, with curl.

manifest_type=application/vnd.oci.image.manifest.v1+json

# ask NAME PATH [CURL OPTION …]
ask() {
    local name=$1 path=$2
    shift 2
    curl --silent --show-error --fail --header "Host: ${host[$name]}" \
        --header "Authorization: ${authorization[$name]}" "$@" "http://${address[$name]}$path"
}

digest_of() { echo "sha256:$(sha256sum "$1" | cut -d ' ' -f 1)"; }

# place NAME …: asks, and tells the path and query of the answer's `Location`.
place() {
    ask "$@" --output /dev/null --dump-header - |
        sed -nE 's/\r$//; s,^[Ll]ocation: (https?://[^/]+)?,,p'
}

# push_blob NAME FILE DIGEST: begun, sent whole, ended, as docker does it.
push_blob() {
    local at
    at=$(place "$1" "/v2/$repository/blobs/uploads/" --request POST)
    at=$(place "$1" "$at" --request PATCH --header 'Content-Type: application/octet-stream' \
        --header 'Expect:' --upload-file "$2")
    case $at in *\?*) at="$at&digest=$3" ;; *) at="$at?digest=$3" ;; esac
    ask "$1" "$at" --request PUT --header 'Content-Length: 0' --output /dev/null
}

# pull_blob NAME DIGEST
pull_blob() { ask "$1" "/v2/$repository/blobs/$2" --location --output /dev/null; }

# push_manifest NAME FILE TAG
push_manifest() {
    ask "$1" "/v2/$repository/manifests/$3" --output /dev/null --upload-file "$2" \
        --header "Content-Type: $manifest_type"
}

# A small image: `$work/config`, `$work/layer` and `$work/manifest` with their digests in `config` and `layer`.
make_image() {
    echo '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}' >"$work/config"
    head -c 4096 /dev/urandom >"$work/layer"
    config=$(digest_of "$work/config") layer=$(digest_of "$work/layer")
    jq --null-input --compact-output --arg config "$config" --arg layer "$layer" \
        --argjson size "$(stat -c %s "$work/config")" '{
            schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
            config: {mediaType: "application/vnd.oci.image.config.v1+json", digest: $config, size: $size},
            layers: [{mediaType: "application/vnd.oci.image.layer.v1.tar", digest: $layer, size: 4096}]
        }' >"$work/manifest"
}

# push_image NAME: under the tag `latest`.
push_image() {
    push_blob "$1" "$work/config" "$config"
    push_blob "$1" "$work/layer" "$layer"
    push_manifest "$1" "$work/manifest" latest
}
