# An edge: keeps what all may see near those who ask for it. What may be kept, and for how long, the app says in
# `Cache-Control`; which paths are worth a look-up stands in public-routes.ts, from which the two patterns below are filled in.
# Manual: https://varnish-cache.org/docs/7.1/users-guide/vcl.html, variables: https://varnish-cache.org/docs/7.1/reference/vcl-var.html
vcl 4.1;

import std;
include "${conf}/answers.vcl";
include "${conf}/${option:purge}.vcl";

# Seoul asks the origin; the others ask Seoul, so that however many edges there are, the origin is asked once.
# 7 s: nginx gives a box 5 s, and may ask a second one. A new connection on one machine is there at once or not at all.
backend upstream {
  .host = "${env:UPSTREAM_HOST}";
  .port = "${env:UPSTREAM_PORT}";
  .connect_timeout = 1s;
  .first_byte_timeout = 7s;
  .between_bytes_timeout = 5s;
}

# Only looked at: whether somebody is there decides how old an answer may be. Requests go to `upstream` whatever it says, so
# that three bad looks at a box that is being restarted refuse nobody anything.
backend pulse {
  .host = "${env:UPSTREAM_HOST}";
  .port = "${env:UPSTREAM_PORT}";
  .probe = {
    .request = "GET ${env:PULSE_PATH} HTTP/1.1" "Host: pulse" "X-Edge-Key: ${secret:edge}" "Connection: close";
    .interval = 500ms;
    .timeout = 2s;
    .window = 4;
    .threshold = 2;
    .initial = 4;
  }
}

sub vcl_recv {
  set req.backend_hint = upstream;
  set sess.timeout_idle = 60s; # as nginx' own: a visitor's browser opens no connection anew between two clicks
  if (req.restarts == 0) {
    call know_visitor;
  }
  if (req.method == "PURGE" && req.http.X-Purge-Key == "${secret:purge}") {
    if (req.http.X-Purge-Tags !~ "^[a-z0-9-]+( [a-z0-9-]+)*$") {
      return (synth(400));
    }
    call purge_tags;
    return (synth(204));
  }
  # By default Varnish joins both connections for a method that it does not know, and sees nothing from then on.
  if (req.method !~ "^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$") {
    return (synth(404));
  }
  if (req.url == "/edgez") {
    call tell_pulse;
  }
  # Not by suffix: `/me/x.css` is whatever the app makes of it. RFC 9111, 3.5 keeps caches from answers to `Authorization`,
  # and says nothing of cookies.
  if (req.method !~ "^(GET|HEAD)$" || req.http.Authorization || req.url !~ "${env:PUBLIC_PATHS}") {
    return (pass);
  }
  call be_anybody;
  # An edge keeps what it gets: nothing that is over already, as long as there is anything else.
  if (req.http.X-Edge-Key && !req.http.X-Want && std.healthy(pulse)) {
    set req.http.X-Want = "new";
  }
  if (req.http.X-Want ~ "^(new|fresh)$") {
    set req.grace = 0s;
  } else {
    set req.grace = 10d; # whatever the answer itself allows
  }
  return (hash);
}

# A visitor does not choose their address, nor the id of their request; another edge knows both.
sub know_visitor {
  if (req.http.X-Edge-Key != "${secret:edge}") {
    unset req.http.X-Edge-Key;
    set req.http.X-Edge-Client = client.ip;
    set req.http.X-Request-Id = server.identity + "-" + std.time2integer(now, 0) + "-" + req.xid;
  }
  unset req.http.X-Forwarded-For; # Varnish itself adds to it; nginx writes it
  unset req.http.X-Cache;
  unset req.http.X-Want;
}

# Asked by the launcher, whether this edge is up, and by other edges, whether asking it is of use.
sub tell_pulse {
  if (req.http.X-Edge-Key && !std.healthy(pulse)) {
    return (synth(503));
  }
  return (synth(200));
}

# One key for one thing, and nothing in the request but that key: whoever asks first must not choose what all others get.
sub be_anybody {
  set req.http.Host = "day90";
  unset req.http.Cookie;
  unset req.http.Range; # taken from the whole answer
  unset req.http.Forwarded;
  unset req.http.X-Forwarded-Host;
  unset req.http.X-Forwarded-Proto;
  unset req.http.X-Forwarded-Port;
  unset req.http.X-Forwarded-Prefix;
  unset req.http.X-Host;
  unset req.http.X-Original-URL;
  unset req.http.X-Rewrite-URL;
  unset req.http.X-HTTP-Method-Override;
  unset req.http.Origin;
  unset req.http.Referer;
  unset req.http.User-Agent;
  unset req.http.Accept;
  unset req.http.Accept-Language;
  if (req.url ~ "${env:PAGED_PATHS}") {
    set req.url = regsuball(req.url, "(?<=[?&])(?!(limit|before)(=|&|$))[^&]*&?", "");
    set req.url = std.querysort(regsub(req.url, "[?&]+$", ""));
  } else {
    set req.url = regsub(req.url, "\?.*$", "");
  }
}

sub vcl_hit {
  set req.http.X-Cache = "HIT";
  if (obj.ttl >= 0s) {
    return (deliver);
  }
  set req.http.X-Cache = "STALE";
  if (req.http.X-Want == "any" || !std.healthy(pulse)) {
    return (deliver);
  }
  call doubt_if_purged;
  # Over by itself, and not for long: shown once more while it is being fetched anew, which Varnish does by itself.
  # Not what was over as it came from another edge, which could get nothing else.
  if (!req.http.X-Want && obj.http.X-Cache != "STALE" &&
      obj.ttl + std.duration(regsub(obj.http.Cache-Control, "^.*stale-while-revalidate=([0-9]+).*$", "\1s"), 0s) > 0s) {
    return (deliver);
  }
  set req.http.X-Want = "fresh";
  return (restart);
}

sub vcl_miss {
  set req.http.X-Cache = "MISS";
}

sub vcl_backend_fetch {
  set bereq.http.X-Edge-Key = "${secret:edge}";
  call note_begin;
  # What is there is old, and better than nothing: no need to wait for as long.
  if (bereq.http.X-Want == "fresh") {
    set bereq.first_byte_timeout = 2s;
  }
  unset bereq.http.X-Edge-Spare;
  if (bereq.is_bgfetch || bereq.http.X-Want ~ "^(new|fresh)$") {
    set bereq.http.X-Edge-Spare = "perhaps"; # there may be an old answer that is better than an error
  }
  if (bereq.url == "/images" && bereq.method == "POST") {
    set bereq.first_byte_timeout = 12s; # nginx gives a box 10 s to draw it
  }
  unset bereq.http.X-Want;
  unset bereq.http.X-Cache;
  # A post's tag names its version, which views do not change: asked whether it is still that one, the app says yes, and the
  # edge would show the views of the first day for ever.
  if (!bereq.uncacheable) {
    unset bereq.http.If-None-Match;
    unset bereq.http.If-Modified-Since;
  }
}

sub vcl_backend_response {
  # Whatever is delivered takes the place of what there was, even if it is kept for no time at all.
  if (beresp.status >= 500) {
    if (bereq.http.X-Edge-Spare) {
      return (abandon);
    }
    set beresp.uncacheable = true;
    set beresp.ttl = 0s;
    set beresp.grace = 0s;
    return (deliver);
  }
  if (bereq.uncacheable) {
    return (deliver);
  }
  if (beresp.status != 200 || beresp.http.Set-Cookie || beresp.http.Cache-Control !~ "^public,.* s-maxage=[0-9]+" ||
      beresp.http.Vary !~ "^(?i)(accept-encoding)?$") {
    set beresp.uncacheable = true;
    set beresp.ttl = 10s; # so long nobody waits for another's answer to this, which would not be theirs
    return (deliver);
  }
  set beresp.grace = std.duration(regsub(beresp.http.Cache-Control, "^.*stale-if-error=([0-9]+).*$", "\1s"), 0s);
  call doubt_if_purged_meanwhile;
  # `Age` counts whole seconds, so what came from another edge may be over as it arrives; and what that edge shows while it
  # can't reach the origin may have been purged there, and is asked for again soon.
  if (beresp.ttl < 1s || beresp.http.X-Cache == "STALE") {
    set beresp.ttl = 1s;
  }
  return (deliver);
}

sub vcl_backend_error {
  if (bereq.http.X-Edge-Spare) {
    return (abandon);
  }
  set beresp.http.X-Own-Answer = "yes";
  set beresp.body = {"{"type":"about:blank","title":"Service Unavailable","status":503,"code":"overloaded","} +
    {""detail":"The origin does not answer. A write may have been done all the same.","requestId":""} +
    bereq.http.X-Request-Id + {"""} + "}";
  return (deliver);
}

sub vcl_deliver {
  if (resp.http.X-Own-Answer) {
    call as_problem;
  }
  # A write passes its own edges on the way back, and they forget what it has changed before its author can ask again.
  if (resp.http.X-Purge-Tags) {
    set req.http.X-Purge-Tags = resp.http.X-Purge-Tags;
    call purge_tags;
  }
  if (resp.http.X-Cache == "STALE") {
    set req.http.X-Cache = "STALE"; # it was, where this edge has it from
  }
  call note_visit;
  unset resp.http.X-Varnish;
  unset resp.http.Via;
  if (req.http.X-Edge-Key) {
    set resp.http.X-Cache = req.http.X-Cache;
    return (deliver);
  }
  call show_visitor;
  return (deliver);
}

sub vcl_synth {
  # A fetch was abandoned.
  if (resp.status == 503 && req.http.X-Want ~ "^(new|fresh)$") {
    set req.http.X-Want = "any";
    return (restart);
  }
  if (resp.status == 204 || resp.status == 200) {
    set resp.http.Cache-Control = "no-store";
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    return (deliver);
  }
  call note_visit;
  if (resp.status == 400) {
    set resp.body = {"{"type":"about:blank","title":"Bad Request","status":400,"code":"invalid","} +
      """"errors":[{"path":"","message":"is malformed"}],"requestId":""" + {"""} + req.http.X-Request-Id + {"""} + "}";
  } else if (resp.status == 404) {
    set resp.body = {"{"type":"about:blank","title":"Not Found","status":404,"code":"not_found","} +
      {""detail":"There is no such page.","requestId":""} + req.http.X-Request-Id + {"""} + "}";
  } else {
    set resp.status = 503;
    set resp.body = {"{"type":"about:blank","title":"Service Unavailable","status":503,"code":"overloaded","} +
      {""detail":"This can not be had at the moment.","requestId":""} + req.http.X-Request-Id + {"""} + "}";
  }
  call as_problem;
  call show_visitor;
  return (deliver);
}
