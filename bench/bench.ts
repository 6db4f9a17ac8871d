/** `npm run bench [-- segments] [-- --large]`: measures pulls, or the counting of segments, and writes docs/benchmarks.md. */

if (process.argv.includes('segments')) await import('./segments.ts')
else await import('./pulls.ts')
