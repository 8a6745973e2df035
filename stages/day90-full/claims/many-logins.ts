/** Settings of an app whose members all log in from one address. */
export const MANY_LOGINS = { LOGIN_TURNS_PER_MINUTE: '1000', LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '100000' };
