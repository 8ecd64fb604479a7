-- For wrk: posts signed deliveries in turn, each under a GUID that no other request has, and tells the result as JSON.
-- Arguments after "--": the file with the deliveries (a Lua table), and the middle groups of the GUIDs. As with GitHub's
-- GUIDs the first group jumps about, so that their index is not written in order.

local PLACE = "GUID-GOES-HERE"
local before, after = {}, {}
local middle
local count = 0

-- The text of every request is made here, once, so that the load generator has as little as possible to do later.
function init(args)
  middle = args[2]
  for _, delivery in ipairs(dofile(args[1])) do
    delivery.headers["X-GitHub-Delivery"] = PLACE
    local text = wrk.format("POST", nil, delivery.headers, delivery.body)
    local first, last = string.find(text, PLACE, 1, true)
    table.insert(before, string.sub(text, 1, first - 1))
    table.insert(after, string.sub(text, last + 1))
  end
end

function request()
  local which = count % #before + 1
  count = count + 1
  return before[which] .. string.format("%08x-%s-%012x", count * 2654435761 % 4294967296, middle, count) .. after[which]
end

function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format(
    'RESULT {"answers": %d, "seconds": %f, "p50": %f, "p99": %f, "worst": %f, "refused": %d, "broken": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    latency.max / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
