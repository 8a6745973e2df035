--[[
What wrk sends, and what it says of a run in one line of JSON. For one thread (-t 1).

  wrk -t 1 -s load.lua http://127.0.0.1:3003 -- <seconds> [<file of requests> <line to begin with>]

A line of the file is a path and what headers it has, with tabs between: "/posts/7\tCookie: sid=…". Another method than GET
stands before the path, and a body behind two tabs: "POST /posts\tCookie: sid=…\t\t{…}". Without a file the path of the url
is asked for.
]]
local ffi = require("ffi")
-- Linux has a long of microseconds, macOS an int: the low half is the same on every processor that wrk runs on.
ffi.cdef("struct moment { long seconds; int micros; long rest; }; int gettimeofday(struct moment *now, void *zone);")
local now = ffi.new("struct moment")
local SLICES_A_SECOND = 10
local loaded

function setup(thread)
  loaded = thread
end

function init(args)
  a, b = 0, 0
  -- Without the first slice, in which all connections send at once, and without a last one that is cut off.
  last = tonumber(args[1]) * SLICES_A_SECOND - 2
  local ask = args[2] and turns(args[2], tonumber(args[3])) or always(wrk.format())
  request = function()
    count()
    return ask()
  end
  io.stderr:write("up\n")
end

function always(text)
  return function() return text end
end

-- Each line is made into a request when its turn comes for the first time: a block is short, and a file long.
function turns(file, turn)
  local lines, ready = {}, {}
  for line in io.lines(file) do lines[#lines + 1] = line end
  return function()
    turn = turn % #lines + 1
    local text = ready[turn]
    if not text then
      text = format(lines[turn])
      ready[turn] = text
    end
    return text
  end
end

function format(line)
  local head, body = line:match("^(.-)\t\t(.*)$")
  local what, rest = (head or line):match("^([^\t]*)(.*)$")
  local method, path = what:match("^(%u+) (.*)$")
  local headers = {}
  for name, value in pairs(wrk.headers) do headers[name] = value end
  for name, value in rest:gmatch("\t([^:]+): ([^\t]*)") do headers[name] = value end
  return wrk.format(method or "GET", path or what, headers, body)
end

-- Time is cut into slices, labelled a b b a a b b a …: as far as the two labels differ, a difference means nothing.
function count()
  ffi.C.gettimeofday(now, nil)
  local slice = (tonumber(now.seconds) + now.micros / 1e6) * SLICES_A_SECOND
  zero = zero or slice + 1
  local place = math.floor(slice - zero)
  if place < 0 or place >= last then return end
  local turn = place % 4
  if turn == 0 or turn == 3 then a = a + 1 else b = b + 1 end
end

function done(summary)
  local errors = summary.errors
  local labelled = loaded:get("last") / SLICES_A_SECOND / 2
  io.write(string.format(
    '{"micros":%d,"answers":%d,"refused":%d,"unconnected":%d,"cutOff":%d,"timedOut":%d,"cpuMicros":%d,"labels":[%f,%f]}\n',
    summary.duration, summary.requests, errors.status, errors.connect, errors.read + errors.write, errors.timeout,
    math.floor(os.clock() * 1e6), loaded:get("a") / labelled, loaded:get("b") / labelled))
  io.flush()
end
