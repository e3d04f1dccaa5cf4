-- Sends what the environment says, and tells the figures in one line.
--   LOAD_HEADERS   Name: value, one a line
--   LOAD_PATHS     a file with one path a line, asked for in turn; {n} becomes a number never used before
--   LOAD_METHOD    GET unless told
--   LOAD_BODY      a file with the body; {n} as above
--   LOAD_PAUSE     milliseconds that each connection waits before it asks again, on average; none unless told
local paths, number, run = {}, 0, tostring(os.time())
wrk.method = os.getenv("LOAD_METHOD") or "GET"
for line in (os.getenv("LOAD_HEADERS") or ""):gmatch("[^\n]+") do
  local name, value = line:match("^([^:]+): (.*)$")
  wrk.headers[name] = value
end
for line in io.lines(os.getenv("LOAD_PATHS")) do paths[#paths + 1] = line end
local body = nil
if os.getenv("LOAD_BODY") then body = io.open(os.getenv("LOAD_BODY")):read("*a") end

request = function()
  number = number + 1
  local fresh = run .. "-" .. number
  local path = paths[number % #paths + 1]
  if body then
    wrk.headers["Idempotency-Key"] = fresh
    return wrk.format(nil, path, nil, (body:gsub("{n}", fresh)))
  end
  return wrk.format(nil, path)
end

local pause = tonumber(os.getenv("LOAD_PAUSE") or "0")
if pause > 0 then
  delay = function() return math.random() * 2 * pause end
end

done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("measured %d %d %d %d %f %f %f\n", summary.requests, e.status, e.connect + e.read + e.write,
    e.timeout, summary.duration / 1e6, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
