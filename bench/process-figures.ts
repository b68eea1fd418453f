/** What the kernel tells of another process (Linux). */
import { readFile, writeFile } from 'node:fs/promises'

/** The most memory that a process had, since it started or since {@link forgetPeakRss}. */
export async function peakRssMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024)
}

/** From now on the peak is that of what comes. */
export async function forgetPeakRss(pid: number): Promise<void> {
  // proc(5): 5 sets the peak to what the process has now.
  await writeFile(`/proc/${pid}/clear_refs`, '5')
}

/** User and system time of a process, which other processes on the machine disturb less than its wall time. */
export async function cpuSeconds(pid: number): Promise<number> {
  const [, , , ...fields] = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/\(.*\)/, '-').split(' ')
  const ticksPerSecond = 100
  return (Number(fields[10]) + Number(fields[11])) / ticksPerSecond
}
