/** Most UTF-16 code units that a string function may produce; what would be longer is Undefined. */
export const longestText = 8 * 1024 * 1024

/** Longest regular expression or time pattern read from a message. */
export const longestPattern = 1000
