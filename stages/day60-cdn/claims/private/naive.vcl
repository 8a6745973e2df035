# An edge as it is often written: files are public, and public is what ends like a file.
vcl 4.1;

backend upstream {
  .host = "127.0.0.1";
  .port = "${env:UPSTREAM_PORT}";
}

sub vcl_recv {
  if (req.url == "/edgez") {
    return (synth(200));
  }
  if (req.method == "GET" && !req.http.Authorization) {
    return (hash); # the session's cookie goes to the app, and is no part of the key
  }
  return (pass);
}

sub vcl_backend_response {
  if (beresp.status == 200) {
    unset beresp.http.Set-Cookie;
    unset beresp.http.Cache-Control;
    set beresp.ttl = 120s;
    return (deliver);
  }
}
