/** Options or arguments that are not as they should be; the command ends with exit code 2. */
export class Usage extends Error {}
