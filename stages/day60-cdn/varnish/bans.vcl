# Included by edge.vcl: purging by tag where varnish-modules is in no package, as on macOS. What is purged is gone, also when the
# origin is down; and an answer that was on its way is purged by the second purge alone.
# https://varnish-cache.org/docs/7.1/users-guide/purging.html#bans

sub purge_tags {
  if (!std.ban("obj.http.xkey ~ (^|[^a-z0-9-])(" + regsuball(req.http.X-Purge-Tags, " ", "|") + ")($|[^a-z0-9-])")) {
    return (synth(503));
  }
}

sub note_begin {
}

sub doubt_if_purged_meanwhile {
}

sub doubt_if_purged {
}
