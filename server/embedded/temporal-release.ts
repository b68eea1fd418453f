// The Temporal CLI that is fetched where none is installed: which release, from where, and how it is known.

export const temporalVersion = 'v1.5.1'
export const goPackage = `github.com/temporalio/cli/cmd/temporal@${temporalVersion}`

export interface Archive {
  readonly url: string
  readonly sha256: string
}

const releases = `https://github.com/temporalio/cli/releases/download/${temporalVersion}`
const sums: Readonly<Record<string, string>> = {
  linux_amd64: 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
  linux_arm64: 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
  darwin_amd64: 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
  darwin_arm64: 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
}

/** The release's archive for a machine, undefined where there is none that we know. */
export function archiveFor(platform: NodeJS.Platform, arch: string): Archive | undefined {
  const name = `${platform}_${arch === 'x64' ? 'amd64' : arch}`
  const sha256 = sums[name]
  if (sha256 === undefined) return undefined
  return { url: `${releases}/temporal_cli_${temporalVersion.slice(1)}_${name}.tar.gz`, sha256 }
}
