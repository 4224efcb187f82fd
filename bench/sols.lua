-- Asks for another sol each time, so that no cache of one answer flatters the figure.
local sols, number = 1, 0
function init(args) sols = tonumber(args[1]) end
function request()
  number = number + 1
  return wrk.format("GET", wrk.path .. "?page=1&sol=" .. (number * 7919) % sols)
end
