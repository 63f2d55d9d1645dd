import type { ReplayReport } from '#core/exercise/report.ts'

/** The report for a terminal: what was owed and came late, the latencies, the findings. */
export function printReport(report: ReplayReport, out: (text: string) => void): void {
  const { obligations } = report
  out(`${report.scenario.title['zh-CN']}  ${report.scenario.title.en}`)
  out(
    `obligations 责任 ${obligations.created}: in time 按时 ${obligations.dischargedInTime}, late 逾期办结 ${obligations.dischargedLate}, lapsed 逾期未办 ${obligations.lapsed}, open 未到期 ${obligations.openAtEnd}`,
  )
  for (const one of obligations.items)
    out(
      `  ${one.status.padEnd(7)} ${one.basis.instrumentId}#${one.basis.clauseId}  ${one.debtor.name['zh-CN']} → ${one.creditor.name['zh-CN']}  ${one.act['zh-CN']}  due ${one.dueAt ?? '-'}${one.lateBy === null ? '' : `  late ${one.lateBy}`}`,
    )
  out('latencies 时延')
  for (const one of report.latencies)
    out(`  ${(one.duration ?? '-').padEnd(12)} ${one.words['zh-CN']}  ${one.words.en}${one.reason === null ? '' : ` (${one.reason})`}`)
  out('failures 问题')
  for (const one of report.failures) out(`  ${one.id}: ${one.duration ?? one.value ?? 'null'}  ${one.reason ?? one.finding}`)
  for (const one of report.notUnderstood) out(`  not understood 未识别 [${one.index}] ${one.action}: ${one.text.slice(0, 80)}`)
}
