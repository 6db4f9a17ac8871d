/** The figures as Prometheus reads them: names, units and labels; docs/operating.md lists them. */

import { AggregatorRegistry } from 'prom-client'
import { alertCodes } from '../contract/alert.ts'
import { pullKinds } from '../contract/pull-report.ts'
import { exceptionCodes } from '../contract/vocabulary.ts'
import { durationSteps, type Figures, type PullFigures } from '../jobs/read-figures.ts'

type Labels = Record<string, string>
type Sample = { value: number; labels: Labels; metricName?: string }
type Metric = { name: string; help: string; type: string; values: Sample[] }

export const metricsType = AggregatorRegistry.PROMETHEUS_CONTENT_TYPE

export async function metricsText(figures: Figures, now: Date): Promise<string> {
  const metrics = [...pullMetrics(figures.pulls), ...stateMetrics(figures, now)]
  // Figures that somebody else has counted: what prom-client has for the workers of a cluster.
  const counted = metrics.map((metric) => ({
    ...metric,
    name: `ecellar_tock_${metric.name}`,
    values: metric.values.map(({ metricName, ...sample }) =>
      metricName === undefined ? sample : { ...sample, metricName: `ecellar_tock_${metricName}` },
    ),
    aggregator: 'first',
  }))
  return AggregatorRegistry.aggregate([counted]).metrics()
}

function pullMetrics(pulls: PullFigures[]): Metric[] {
  const sum = (of: PullFigures[], figure: (one: PullFigures) => number) =>
    of.reduce((total, one) => total + figure(one), 0)
  const applied = pulls.filter(({ status }) => status === 'applied')
  const changes = ['added', 'changed', 'unchanged', 'excluded', 'stale', 'exceptions', 'missing'] as const
  return [
    {
      name: 'pulls_total',
      help: 'Pulls that are over, by kind, outcome and error code',
      type: 'counter',
      values: pulls
        // One that waits is not over, and becomes another outcome.
        .filter(({ status }) => status !== 'waiting')
        .map((one) => ({
          value: one.pulls,
          labels: { kind: one.kind, outcome: one.status, code: one.code ?? '' },
        })),
    },
    {
      name: 'pulls_waiting',
      help: 'Pulls that wait for approval',
      type: 'gauge',
      values: [{ value: sum(pulls, (one) => (one.status === 'waiting' ? one.pulls : 0)), labels: {} }],
    },
    {
      name: 'reservations_total',
      help: 'Reservations of applied pulls, by what became of them',
      type: 'counter',
      values: changes.map((change) => ({ value: sum(applied, (one) => one[change]), labels: { change } })),
    },
    {
      name: 'customers_created_total',
      help: 'Customers that applied pulls created',
      type: 'counter',
      values: [{ value: sum(applied, (one) => one.customersCreated), labels: {} }],
    },
    {
      name: 'pull_duration_seconds',
      help: 'How long pulls took, whatever their outcome',
      type: 'histogram',
      values: pullKinds.flatMap((kind) => {
        const name = 'pull_duration_seconds'
        const ofKind = pulls.filter((one) => one.kind === kind)
        const all = sum(ofKind, (one) => one.pulls)
        const bucket = (le: string, value: number) => ({
          metricName: `${name}_bucket`,
          value,
          labels: { kind, le },
        })
        return [
          ...durationSteps.map((step, index) =>
            bucket(
              String(step),
              sum(ofKind, (one) => one.upTo[index] ?? 0),
            ),
          ),
          bucket('+Inf', all),
          { metricName: `${name}_sum`, value: sum(ofKind, (one) => one.seconds), labels: { kind } },
          { metricName: `${name}_count`, value: all, labels: { kind } },
        ]
      }),
    },
  ]
}

function stateMetrics(figures: Figures, now: Date): Metric[] {
  const { outbox } = figures
  const waitedMs = outbox.waitingSince === null ? 0 : now.getTime() - outbox.waitingSince.getTime()
  const gauge = (name: string, help: string, values: Sample[]) => ({ name, help, type: 'gauge', values })
  return [
    gauge(
      'last_good_pull_age_seconds',
      'Since the end of the last applied pull of each brand whose nightly pulls are on',
      figures.lastGoodPulls.map(({ winery, brand, ageSeconds }) => ({
        value: ageSeconds,
        labels: { winery, brand },
      })),
    ),
    gauge(
      'pull_requests',
      'Pulls that were asked for and are not over',
      // What there is none of is 0, and no gap in the graph.
      (['queued', 'running', 'again later'] as const).map((state) => ({
        value: figures.requests.find((one) => one.state === state)?.requests ?? 0,
        labels: { state },
      })),
    ),
    gauge(
      'queue_jobs',
      'Jobs in the queue that are not over, or failed within the last day',
      figures.jobs.map(({ queue, state, jobs }) => ({ value: jobs, labels: { queue, state } })),
    ),
    gauge('mails', 'Mails that wait to be sent, and those given up within the last week', [
      { value: outbox.waiting, labels: { state: 'waiting' } },
      { value: outbox.givenUp, labels: { state: 'given up' } },
    ]),
    gauge('oldest_waiting_mail_age_seconds', 'Since when the oldest mail waits to be sent; 0: none does', [
      { value: Math.max(0, waitedMs) / 1_000, labels: {} },
    ]),
    gauge(
      'exceptions_open',
      'Exceptions that wait for a person',
      exceptionCodes.map((code) => ({
        value: figures.exceptions.find((one) => one.code === code)?.exceptions ?? 0,
        labels: { code },
      })),
    ),
    gauge(
      'alerts_open',
      'Alerts that are not over',
      alertCodes.map((code) => ({
        value: figures.alerts.find((one) => one.code === code)?.alerts ?? 0,
        labels: { code },
      })),
    ),
  ]
}
