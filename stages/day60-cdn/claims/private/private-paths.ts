/**
 * A member's own page as it is, with what makes it look like a file or like a public page, and in ways that a proxy may read
 * otherwise than the app.
 */
export const PRIVATE_PATHS = [
  ...['/me', '/me/', '/me?a=1', '/me?x=/posts', '/me?x=/static/a.css', '/me#/posts', '/ME', '//me', '/me//posts'],
  ...['/me/x.css', '/me/x.js', '/me/x.png', '/me.json', '/me;a.css', '/me\\x.css', '/me/posts/1'],
  ...['/me%2fx.css', '/me%3fx.css', '/me%00.css', '/me/..%2fstatic/a.css', '/static/..%2fme', '/static/%2e%2e/me'],
  ...['/posts/1/../../me', '/posts/..%2fme', '/posts%2f..%2fme'],
  ...['/me/recommendations', '/me/recommendations.js', '/me/recommendations.css'],
];
