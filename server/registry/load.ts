/** Imports a package from where the host stands: Node looks it up from this file's folder. */
export function load(packageName: string): Promise<unknown> {
  return import(packageName)
}
