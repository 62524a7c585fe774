-- One request after the other, each with a key of its own. Arguments: what to ask for (empty, asked, api, page, signed,
-- coins, order), and a
-- file with a fan a line: the key to the API, the session. Rooms are numbered from 1, as the benchmark made them.

local threads = 0
function setup(thread)
    threads = threads + 1
    thread:set("seed", threads)
end

local hex = {}
for n = 0, 255 do hex[n] = string.format("%02x", n) end
local function uuid()
    local b = {}
    for n = 1, 16 do b[n] = hex[math.random(0, 255)] end
    return b[1]..b[2]..b[3]..b[4].."-"..b[5]..b[6].."-4"..b[7]:sub(2)..b[8].."-8"..b[9]:sub(2)..b[10].."-"
        ..b[11]..b[12]..b[13]..b[14]..b[15]..b[16]
end

local kind, rooms, fans = "", 1, {}
function init(args)
    kind, rooms = args[1], tonumber(args[3])
    for line in io.lines(args[2]) do
        local token, session = line:match("(%S+) (%S+)")
        fans[#fans + 1] = { token = token, session = session }
    end
    math.randomseed(os.time() * 1000 + seed * 7919 + tonumber(args[4]))
end

local csrf = string.rep("t", 32)
function request()
    if kind == "empty" then return wrk.format("GET", "/empty/") end
    local fan = fans[math.random(#fans)]
    local room = string.format("00000000-0000-0000-0000-%012d", math.random(rooms))
    if kind == "page" then
        return wrk.format("POST", "/live/"..room.."/send/", {
            ["Content-Type"] = "application/x-www-form-urlencoded", ["HX-Request"] = "true", ["X-CSRFToken"] = csrf,
            ["Cookie"] = "sessionid="..fan.session.."; csrftoken="..csrf,
        }, "gift=pebble&key="..uuid().."&quantity=1")
    end
    local cookie = "sessionid="..fan.session.."; csrftoken="..csrf
    if kind == "signed" then return wrk.format("GET", "/signed/", { ["Cookie"] = cookie }) end
    if kind == "coins" then return wrk.format("GET", "/coins/", { ["Cookie"] = cookie }) end
    if kind == "order" then
        -- Seldom twice the same basket, of which a fan has only one open order.
        local pack = "custom%3A"..math.random(100, 9000)
        return wrk.format("POST", "/coins/checkout/", {
            ["Content-Type"] = "application/x-www-form-urlencoded", ["X-CSRFToken"] = csrf, ["Cookie"] = cookie,
        }, "pack="..pack.."&seen="..pack.."&method=instant&key="..uuid())
    end
    local path = kind == "asked" and "/asked/" or "/api/v1/streams/"..room.."/gifts/"
    return wrk.format("POST", path, {
        ["Content-Type"] = "application/json", ["Authorization"] = "Token "..fan.token,
    }, '{"gift": "pebble", "key": "'..uuid()..'"}')
end

function done(summary, latency)
    local e = summary.errors
    io.write(string.format(
        '\n{"requests": %d, "seconds": %.6f, "refused": %d, "broken": %d, "p50_ms": %.3f, "p99_ms": %.3f}\n',
        summary.requests, summary.duration / 1e6, e.status, e.connect + e.read + e.write + e.timeout,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
