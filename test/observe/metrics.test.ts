import { describe, expect, it } from 'vitest'
import { Histogram, Metrics } from '../../src/observe/index.ts'

describe('a histogram', () => {
  it('estimates quantiles from above, within one bucket', () => {
    const histogram = new Histogram()
    const samples = Array.from({ length: 10_000 }, (_, index) => 0.05 * 1.001 ** index)
    for (const sample of samples) histogram.add(sample)
    for (const share of [0.01, 0.5, 0.9, 0.99]) {
      const exact = samples[Math.ceil(share * samples.length) - 1]!
      const estimate = histogram.quantile(share)
      expect(estimate / exact).toBeGreaterThanOrEqual(1 - 1e-9)
      expect(estimate / exact).toBeLessThanOrEqual(1.25 + 1e-9)
    }
  })

  it('counts values below the first and beyond the last bound', () => {
    const histogram = new Histogram()
    for (const value of [0, -1, 1e-9, 1e12]) histogram.add(value)
    expect(histogram.count).toBe(4)
    expect(histogram.lines('h').find((line) => line.includes('+Inf'))).toBe('h_bucket{le="+Inf"} 4')
  })

  it('is empty after a reset', () => {
    const histogram = new Histogram()
    histogram.add(5)
    histogram.reset()
    expect([histogram.count, histogram.quantile(0.99)]).toEqual([0, 0])
  })
})

describe('the metrics page', () => {
  it('has counters by label, gauges read when asked for, and cumulative buckets', () => {
    const metrics = new Metrics()
    metrics.cell('topicrule_rule_matched_total', 'a').value += 2
    metrics.cell('topicrule_rule_matched_total', 'b').value += 3
    metrics.cell('topicrule_messages_received_total').value += 7
    let held = 1
    metrics.gauge('topicrule_held_bytes', () => held)
    held = 42
    const settle = metrics.histogram('topicrule_settle_seconds')
    settle.add(0.3)
    settle.add(3)
    const lines = metrics.text().split('\n')
    expect(lines).toContain('topicrule_rule_matched_total{rule="a"} 2')
    expect(lines).toContain('topicrule_rule_matched_total{rule="b"} 3')
    expect(lines).toContain('topicrule_messages_received_total 7')
    expect(lines).toContain('topicrule_held_bytes 42')
    expect(lines).toContain('topicrule_settle_seconds_count 2')
    expect(lines).toContain('topicrule_settle_seconds_sum 0.0033')
    expect(metrics.total('topicrule_rule_matched_total')).toBe(5)
    const buckets = lines.filter((line) => line.startsWith('topicrule_settle_seconds_bucket'))
    const counts = buckets.map((line) => Number(line.split(' ')[1]))
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
    expect(counts.at(-1)).toBe(2)
  })

  it('counts time in seconds, the base unit of Prometheus', () => {
    expect(new Metrics().text()).not.toMatch(/# TYPE \S*(milliseconds|minutes|kilobytes)/)
  })

  it('has a line of every form that Prometheus reads, and no other', () => {
    const metrics = new Metrics()
    metrics.cell('topicrule_rule_matched_total', 'quote " backslash \\ break \n').value = 1
    const number = String.raw`-?\d+(\.\d+)?(e[+-]?\d+)?`
    const sample = new RegExp(String.raw`^[a-z_]+(\{[a-z]+="([^"\\\n]|\\["\\n])*"\})? ${number}$`)
    for (const line of metrics.text().trimEnd().split('\n'))
      expect(line).toMatch(line.startsWith('#') ? /^# (HELP|TYPE) [a-z_]+ \S/ : sample)
  })

  it('bounds the values of a label', () => {
    const metrics = new Metrics()
    for (let index = 0; index < 6_000; index += 1)
      metrics.cell('topicrule_rule_matched_total', `rule${index}`).value += 1
    const lines = metrics
      .text()
      .split('\n')
      .filter((line) => line.startsWith('topicrule_rule_matched_total{'))
    expect(lines).toHaveLength(5_001)
    expect(lines).toContain('topicrule_rule_matched_total{rule="other"} 1000')
  })
})
