/** Which optimizer this is: a decision that keeps it can tell whether the one that replays it is the same. Rises with the package's version, which is all that changes what is decided. */
export const engineVersion = '0.1.0';
