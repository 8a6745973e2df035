# Included by edge.vcl: purging by tag where varnish-modules is there. What is purged is kept for the case that the origin is
# down, and shown in no other.
# https://github.com/varnish/varnish-modules/blob/0.20.0/src/vmod_xkey.vcc
import xkey;
import var;

sub purge_tags {
  set req.http.X-Purged = xkey.softpurge(req.http.X-Purge-Tags);
  # Nothing by tag, which nobody would ever delete: the last purge of all, for the two doubts below.
  var.global_set("purged", std.time2real(now, 0.0));
}

sub note_begin {
  set bereq.http.X-Edge-Begin = std.time2real(now, 0.0);
}

# A purge finds what is kept, not what is on its way. Whatever was asked for before the last purge, of any tag, may be older
# than what it was for: it is kept for a second, and says so, since other edges count from what it says.
sub doubt_if_purged_meanwhile {
  if (std.real(var.global_get("purged"), 0.0) >= std.real(bereq.http.X-Edge-Begin, 0.0)) {
    set beresp.ttl = 1s;
    set beresp.http.Cache-Control = regsub(beresp.http.Cache-Control, "s-maxage=[0-9]+", "s-maxage=1");
  }
}

# What was over when its tag was purged is not touched by it. A second, since the two clocks need not agree to the millisecond.
sub doubt_if_purged {
  if (std.real(var.global_get("purged"), 0.0) >= std.time2real(now + obj.ttl - 1s, 0.0)) {
    set req.http.X-Want = "fresh";
  }
}
