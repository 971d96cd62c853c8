/**
 * Resolves once `holds` does, which is asked every few milliseconds.
 * @throws Error that names `what` when it has not come about after `limit` milliseconds
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  limit = 10_000,
): Promise<void> {
  const end = performance.now() + limit
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
