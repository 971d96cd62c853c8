import { fileURLToPath } from 'node:url'

const LOGGING = fileURLToPath(new URL('log4j2.properties', import.meta.url))

/** Arguments of `java` that run a class of Kafka with a small heap and a quick start. */
export function javaArguments(jars: string, mainClass: string, args: readonly string[]): string[] {
  return [
    ...['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true'],
    `-Dlog4j2.configurationFile=${LOGGING}`,
    ...['-cp', `${jars}/*`, mainClass],
    ...args,
  ]
}
