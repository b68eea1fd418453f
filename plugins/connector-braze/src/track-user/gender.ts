/** The spellings of a gender that people keep, as the one letter that Braze takes. */

const letters: Readonly<Record<string, string>> = {
  m: 'M',
  male: 'M',
  man: 'M',
  f: 'F',
  female: 'F',
  woman: 'F',
  o: 'O',
  other: 'O',
  'non-binary': 'O',
  nonbinary: 'O',
  'non binary': 'O',
  n: 'N',
  'n/a': 'N',
  'not applicable': 'N',
  p: 'P',
  'prefer not to say': 'P',
}

/** M, F, O (other), N (not applicable) or P (prefers not to say); undefined for any other text. */
export function toGender(text: string): string | undefined {
  const spelling = text.toLowerCase().replaceAll('_', ' ')
  return Object.hasOwn(letters, spelling) ? letters[spelling] : undefined
}
