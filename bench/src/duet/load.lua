--[[
What wrk sends, and what it says of a run in one line of JSON.

  wrk -s load.lua http://127.0.0.1:3003 -- <file of requests> <line to begin with>

A line of the file is a path and what headers it has, with tabs between: "/posts/7\tCookie: sid=…". Without a file the path
of the url is asked for.
]]
local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
  -- Threads that began at the same line would ask for the same things at the same time.
  thread:set("place", #threads)
end

function init(args)
  sent = 0
  local file = args[1]
  if file then
    local lines = {}
    for line in io.lines(file) do lines[#lines + 1] = line end
    local turn = tonumber(args[2] or 0) + math.floor((place - 1) * #lines / 2)
    local ready = {}
    request = function()
      sent = sent + 1
      turn = turn % #lines + 1
      local text = ready[turn]
      if not text then
        text = format(lines[turn])
        ready[turn] = text
      end
      return text
    end
  else
    local text = wrk.format()
    request = function()
      sent = sent + 1
      return text
    end
  end
  io.stderr:write("up\n")
end

function format(line)
  local path, rest = line:match("^([^\t]*)(.*)$")
  local headers = {}
  for name, value in pairs(wrk.headers) do headers[name] = value end
  for name, value in rest:gmatch("\t([^:]+): ([^\t]*)") do headers[name] = value end
  return wrk.format("GET", path, headers)
end

function done(summary)
  local sents = {}
  for i, thread in ipairs(threads) do sents[i] = thread:get("sent") end
  local errors = summary.errors
  io.write(string.format(
    '{"micros":%d,"answers":%d,"refused":%d,"unconnected":%d,"cutOff":%d,"timedOut":%d,"cpuMicros":%d,"sent":[%s]}\n',
    summary.duration, summary.requests, errors.status, errors.connect, errors.read + errors.write, errors.timeout,
    math.floor(os.clock() * 1e6), table.concat(sents, ",")))
  io.flush()
end
