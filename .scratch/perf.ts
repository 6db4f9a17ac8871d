import pg from 'pg'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
const original = pg.Client.prototype.query as any
const log: [number, string][] = []
if (process.env.TRACE) pg.Client.prototype.query = function (this: any, ...a: any[]) {
  const t = performance.now(); const r = original.apply(this, a)
  const name = (typeof a[0] === 'string' ? a[0] : a[0]?.text ?? 'copy').replace(/\s+/g, ' ').slice(0, 90)
  if (r && typeof r.then === 'function') r.then(() => { const d = performance.now() - t; if (d > 30) log.push([d, name]) }, () => {})
  else if (r?.on) r.on('finish', () => log.push([performance.now() - t, 'COPY']))
  return r
} as any
const { openDatabase } = await import('/work/main/src/database/connect.ts')
const { wineryForTests } = await import('/work/main/test/pull/winery-for-tests.ts')
const d = await openDatabase({ databaseUrl: process.env.DATABASE_URL!, dataDir: '/tmp/x' })
const folder = process.env.SNAP ?? '/tmp/snap100k'
const server = spawn(process.execPath, ['/work/main/bench/snapshot-server.ts', folder], { stdio: ['ignore', 'pipe', 'inherit'] })
const url = String((await once(server.stdout, 'data'))[0]).trim()
const w = await wineryForTests(d, url, [{ code: 'B', businessId: '707', businessGroupId: '55', apiKey: 'k' }])
const one = async (kind: any) => { log.length = 0; const t = performance.now(); const r = await w.pull('B', kind, {retry:{tries:4,totalMs:20000}}); console.log(kind, Math.round(performance.now() - t), 'ms rss', Math.round(process.memoryUsage().rss / 1e6), Math.round(process.resourceUsage().maxRSS/1000), JSON.stringify(r.reservations), JSON.stringify(r.customers), r.error?.message ?? ''); const c = log.filter(x => x[1] === 'COPY'); if (c.length) console.log('  COPY', c.length, Math.round(c.reduce((a, b) => a + b[0], 0))); for (const [ms, s] of log) if (s !== 'COPY' && ms > 40) console.log('  ', Math.round(ms), s) }
await one('initial'); await one('manual')
await fetch(url + '/use/later'); await one('manual')
server.kill(); await d.close()
