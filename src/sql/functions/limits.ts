/** Longest regular expression or time pattern read from a message. */
export const longestPattern = 1000
