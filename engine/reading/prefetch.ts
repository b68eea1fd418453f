/** Reads a few elements ahead, so that reading, storing and sending overlap; never more than so many are held. */

type End = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly error: unknown }

/** The same elements in the same order. Ending early ends the source. */
export async function* prefetch<Element>(source: AsyncGenerator<Element>, most = 1): AsyncGenerator<Element> {
  const ahead: Element[] = []
  let end: End | null = null
  let reading: Promise<void> | null = null
  let wake = () => {}

  /**
   * Asks for one element at a time. Requests that stand together in a generator's queue hang on one another, each
   * with its element: when one has got into the old space, all that come after it stay until a full collection.
   */
  async function read(): Promise<void> {
    try {
      while (end === null && ahead.length < most) {
        const { done, value } = await source.next()
        if (done) end = { kind: 'done' }
        else ahead.push(value)
        wake()
      }
    } catch (error) {
      // Handed over when its turn comes, not thrown into the void.
      end = { kind: 'failed', error }
    }
    reading = null
    wake()
  }

  function readOn(): void {
    if (reading === null && end === null && ahead.length < most) reading = read()
  }

  async function next(): Promise<End | { readonly kind: 'element'; readonly element: Element }> {
    for (;;) {
      if (ahead.length > 0) {
        const [element] = ahead.splice(0, 1) as [Element]
        return { kind: 'element', element }
      }
      if (end !== null) return end
      readOn()
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  try {
    for (;;) {
      const result = await next()
      if (result.kind === 'failed') throw result.error
      if (result.kind === 'done') return
      readOn()
      yield result.element
    }
  } finally {
    // What is being read must be over before the source can end.
    end ??= { kind: 'done' }
    await reading
    await source.return(undefined)
  }
}
