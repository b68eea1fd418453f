/** Bytes of a request that brings a whole configuration, and of a file with one. */
export const maxConfigurationBytes = 32_000_000
