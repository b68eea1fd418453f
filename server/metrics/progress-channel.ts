/** The channel on which workers tell servers that an action's progress changed. Payloads carry ids only. */
export const progressChannel = 'sluice_progress'
