# Included by edge.vcl: how answers look to visitors, and what is noted of them.

# For a log with one line a visit, as nginx has one: whoever reads the log in memory prints what was noted here. Not the request's
# headers, of which that log has all, also those that a visitor made up.
sub note_visit {
  std.log("visit:" + req.http.X-Request-Id);
  std.log("ip:" + req.http.X-Edge-Client);
  if (req.http.X-Cache) {
    std.log("cache:" + req.http.X-Cache.lower());
  } else {
    std.log("cache:pass");
  }
}

# What only edges are told, and what each visitor is told anew.
sub show_visitor {
  set resp.http.X-Edge = "${env:PLACE}";
  # nginx has an id of its own for what it refuses before it has read the one it was given.
  if (!resp.http.X-Request-Id || req.http.X-Cache == "HIT" || req.http.X-Cache == "STALE") {
    set resp.http.X-Request-Id = req.http.X-Request-Id;
  }
  unset resp.http.xkey;
  unset resp.http.X-Purge-Tags;
  unset resp.http.X-Cache;
  if (!req.http.X-Cache) {
    unset resp.http.Age; # a cache was not asked
    return;
  }
  set resp.http.X-Cache = req.http.X-Cache;
  if (req.http.X-Cache == "MISS") {
    set resp.http.Server-Timing = regsub(resp.http.Server-Timing, ", app;", ", edge;desc=miss, app;");
  } else {
    set resp.http.Server-Timing = {"db;dur=0;desc="0 queries", edge;desc="} + req.http.X-Cache.lower() + ", app;dur=0";
    set resp.http.X-Served-By = "${box}";
  }
  # These are for edges. A browser would heed them, too, and show its own user what they have just changed as it was.
  if (resp.http.Cache-Control) {
    set resp.http.Cache-Control = regsuball(resp.http.Cache-Control,
      ", (s-maxage|stale-while-revalidate|stale-if-error)=[0-9]+", "");
  }
  # Varnish knows one tag in `If-None-Match`, and no star.
  if (req.http.If-None-Match == "*" || std.strstr(req.http.If-None-Match, resp.http.ETag)) {
    set req.http.If-None-Match = resp.http.ETag;
  }
}

# An answer of the edge itself, in the shape of the app's (RFC 9457), with the headers that nginx adds to those.
sub as_problem {
  unset resp.http.X-Own-Answer;
  set resp.http.Content-Type = "application/problem+json";
  set resp.http.Cache-Control = "no-store";
  set resp.http.X-Served-By = "${box}";
  set resp.http.Server-Timing = {"db;dur=0;desc="0 queries", app;dur=0"};
  if (resp.status == 503) {
    set resp.http.Retry-After = "2";
  }
  unset resp.http.Server;
  set resp.http.Content-Security-Policy = "default-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'";
  set resp.http.Cross-Origin-Opener-Policy = "same-origin";
  set resp.http.Cross-Origin-Resource-Policy = "same-origin";
  set resp.http.Origin-Agent-Cluster = "?1";
  set resp.http.Referrer-Policy = "no-referrer";
  set resp.http.X-Content-Type-Options = "nosniff";
  set resp.http.X-DNS-Prefetch-Control = "off";
  set resp.http.X-Download-Options = "noopen";
  set resp.http.X-Frame-Options = "SAMEORIGIN";
  set resp.http.X-Permitted-Cross-Domain-Policies = "none";
  set resp.http.X-XSS-Protection = "0";
}
