/** What sign-in says when it does not even ask the library. */
export const signInErrors = {
  noSuchPath: {
    code: 'no_such_path',
    message: 'There is nothing here. The README says how people sign in.',
  },
  unavailable: {
    code: 'sign_in_unavailable',
    message:
      'Sign-in is off, because this server listens beyond its own machine and does not know its address. Set SLUICE_URL to the https address that browsers use.',
  },
} as const
