import { type Paint } from '../../explain/index.ts'
import { type Counts, type CoverageReport, type FileReport } from '../../testing/index.ts'

/** All that a run of tests has to tell. */
export interface RunReport {
  readonly files: readonly FileReport[]
  readonly counts: Counts
  readonly milliseconds: number
  /** Present where it was asked for. */
  readonly coverage?: CoverageReport
}

/** Writes a report in some form; without the newline at its end. */
export type Reporter = (report: RunReport, look: Look) => string

/** How text is to look where it goes. */
export interface Look {
  readonly paint: Paint
  readonly width: number
}
