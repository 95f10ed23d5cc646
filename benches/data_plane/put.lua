-- Pushes manifests, each different from all others and under a tag of its own.

local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init()
    local file = assert(io.open(os.getenv("MANIFEST")))
    manifest = file:read("*a"):match("^(.*)}%s*$")
    file:close()
    round = os.getenv("ROUND")
    pushed = 0
end

function request()
    pushed = pushed + 1
    local name = round .. "-" .. number .. "-" .. pushed
    local body = manifest .. ',"annotations":{"name":"' .. name .. '"}}'
    return wrk.format("PUT", wrk.path .. name, nil, body)
end
