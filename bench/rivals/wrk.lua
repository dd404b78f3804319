-- One GET of 600 bytes and one POST of 1.5 kB in turns: the least that this work can cost on this machine.
local content = string.format('{"applicant":"%s","attachments":["%s","%s"]}',
  string.rep("x", 700), string.rep("y", 350), string.rep("z", 350))
local page, dossier
local count = 0

init = function()
  page = wrk.format("GET", "/page")
  dossier = wrk.format("POST", "/dossiers", { ["Content-Type"] = "application/json" }, content)
end

request = function()
  count = count + 1
  return count % 2 == 1 and page or dossier
end

done = function(summary)
  local errors = summary.errors
  io.write(string.format('{"requests": %d, "errors": %d}\n', summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
