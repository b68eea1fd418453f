/** The name of a copy: the original's with " - copy", and a number where that is taken. */

const maxNameLength = 200

/** `taken` are the names that are not free. */
export function copyName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? ' - copy' : ` - copy ${number}`
    const candidate = `${shortened(name, maxNameLength - end.length)}${end}`
    if (!taken.has(candidate)) return candidate
  }
}

/** Never cuts a character of two units in half. */
function shortened(name: string, length: number): string {
  return name.length <= length ? name : name.slice(0, length).replace(/[\ud800-\udbff]$/, '')
}
