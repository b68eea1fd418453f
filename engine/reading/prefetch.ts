/** Reads one element ahead, so that reading and sending overlap; never more than one is held. */

/** The same elements in the same order. Ending early ends the source. */
export async function* prefetch<Element>(source: AsyncGenerator<Element>): AsyncGenerator<Element> {
  let next = settled(source.next())
  try {
    for (;;) {
      const { value: result, error } = await next
      if (result === undefined) throw error
      if (result.done) return
      next = settled(source.next())
      yield result.value
    }
  } finally {
    // The element read ahead may still be under way: it must be over before the source can end.
    await next
    await source.return(undefined)
  }
}

/** A failure ahead of its consumer is handed over when its turn comes, not thrown into the void. */
function settled<Result>(
  promise: Promise<Result>,
): Promise<{ readonly value?: Result; readonly error?: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
}
