/** Reads a few elements ahead, so that reading, storing and sending overlap; never more than so many are held. */

/** The same elements in the same order. Ending early ends the source. */
export async function* prefetch<Element>(
  source: AsyncGenerator<Element>,
  most: number,
): AsyncGenerator<Element> {
  const ahead: Promise<Settled<Element>>[] = []
  const readOn = () => {
    while (ahead.length < most) ahead.push(settled(source.next()))
  }
  readOn()
  try {
    for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
      const { value: result, error } = await next
      if (result === undefined) throw error
      if (result.done) return
      readOn()
      yield result.value
    }
  } finally {
    // What was read ahead may still be under way: it must be over before the source can end.
    await Promise.all(ahead)
    await source.return(undefined)
  }
}

interface Settled<Element> {
  readonly value?: IteratorResult<Element>
  readonly error?: unknown
}

/** A failure ahead of its consumer is handed over when its turn comes, not thrown into the void. */
function settled<Element>(promise: Promise<IteratorResult<Element>>): Promise<Settled<Element>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
}
