/** First line of every generated page. */
export function generatedNote(source: string): string {
  return `<!-- Generated from ${source} by \`node scripts/run.mjs generate-docs\`. Do not edit. -->`
}

/** Text inside a table's cell. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
