/** Asks an admin to log in. Nothing of a request is repeated in it, and it needs no script. */
export function loginPage(problem = ''): string {
  return page(
    'Behind the scenes',
    `<p>For admins. ${problem}</p>
<form method="post" action="/login">
<label>E-mail address <input name="email" type="email" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required maxlength="128"></label>
<button>Log in</button>
</form>`,
  );
}

/** Asks whether that is meant: what a link leads to must change nothing. */
export function logoutPage(): string {
  return page('Leave', '<form method="post" action="/logout">\n<button>Log out</button>\n</form>');
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/board.css">
<main>
<h1>${title}</h1>
${body}
</main>
`;
}
