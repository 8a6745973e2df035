/** placeholder */
export async function verifyForks(_workspace: string, _names: string[]): Promise<void> {}
