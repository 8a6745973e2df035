import type { Usl } from '../usl.ts';

/**
 * The utilisation law, U = X · D, solved for what a machine carries.
 * @param cores - Cores that the work may use.
 * @param demandSeconds - CPU time of one request, in seconds.
 * @param utilisation - The share of them that may be used, above 0 and up to 1.
 * @returns Requests a second.
 * @see P. J. Denning and J. P. Buzen, The Operational Analysis of Queueing Network Models, ACM Computing Surveys 10 (3), 1978
 */
export function carriedBy(cores: number, demandSeconds: number, utilisation = 1): number {
  return (cores * utilisation) / demandSeconds;
}

/**
 * The Universal Scalability Law: how many times as much as one, N equal boxes carry.
 * @see N. J. Gunther, Guerrilla Capacity Planning, Springer 2007, chapters 4 to 6
 */
export function timesOne(n: number, { sigma, kappa }: Pick<Usl, 'sigma' | 'kappa'>): number {
  return n / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

/**
 * Little's law, N = X · R: how many are inside at once.
 * @param perSecond - Arrivals a second.
 * @param seconds - How long each stays; with the pause until their next request, it counts visitors instead of requests.
 * @see J. D. C. Little, A Proof for the Queuing Formula L = λW, Operations Research 9 (3), 1961
 */
export function insideAtOnce(perSecond: number, seconds: number): number {
  return perSecond * seconds;
}

/**
 * How long a request takes that meets others: its own work, longer by 1 ÷ (1 − U) in each place where it may have to wait.
 * The open queueing network with random arrivals, an estimate and no bound.
 * @param demands - CPU time in each place, in seconds, and how busy a server is there.
 * @see E. D. Lazowska and others, Quantitative System Performance, Prentice Hall 1984, chapter 6
 */
export function responseSeconds(demands: readonly { seconds: number; utilisation: number }[]): number {
  return demands.reduce((sum, { seconds, utilisation }) => sum + seconds / (1 - utilisation), 0);
}
