/**
 * A Prisma filter on what is not deleted in the working copy. What is deleted keeps its row, since the version that runs,
 * its deliveries and its history refer to it: it can be read by its id and come back, and it cannot be edited or used.
 */
export const present = { deletedAt: null } as const
