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
      `  ${one.status.padEnd(7)} ${one.basis === null ? '-' : `${one.basis.instrumentId}#${one.basis.clauseId}`}  ${one.debtor.name['zh-CN']} → ${one.creditor.name['zh-CN']}  ${one.act['zh-CN']}  due ${one.dueAt ?? '-'}${one.lateBy === null ? '' : `  late ${one.lateBy}`}`,
    )
  out('who ought to have led 应由谁牵头')
  for (const one of report.leadership.ought)
    out(
      `  ${one.from}  ${one.organization?.name['zh-CN'] ?? `${one.government['zh-CN']} (not in the record 记录中没有)`}  ${one.basis['zh-CN']}${one.confirmed ? '' : ' (unconfirmed 未核实)'}`,
    )
  out('who led 实际由谁牵头')
  for (const one of report.leadership.led) out(`  ${one.from} – ${one.until ?? '…'}  ${one.organization?.name['zh-CN'] ?? '?'}  ${one.by}`)
  out('who was told when 何时知情')
  for (const one of report.told)
    out(`  ${one.at}  ${one.organization.name['zh-CN']}  ${one.by === null ? 'acted 行动' : `by 由 ${one.by.name['zh-CN']}`}  ${one.kind}`)
  out('response levels set 各方响应级别')
  for (const one of report.responses)
    out(
      `  ${one.at}  ${one.organization?.name['zh-CN'] ?? '?'}  ${one.level}${one.scale === null ? '' : ` (${one.scale})`}${one.scope === null ? '' : `  ${one.scope}`}`,
    )
  out('open when the record ends 结束时未办结')
  for (const { phase, items } of report.openItems)
    out(
      `  ${phase}: ${items.length}  ${items
        .slice(0, 5)
        .map((one) => one.act['zh-CN'])
        .join('；')}`,
    )
  out('latencies 时延')
  for (const one of report.latencies)
    out(`  ${(one.duration ?? '-').padEnd(12)} ${one.words['zh-CN']}  ${one.words.en}${one.reason === null ? '' : ` (${one.reason})`}`)
  out('failures 问题')
  for (const one of report.failures) out(`  ${one.id}: ${one.duration ?? one.value ?? 'null'}  ${one.reason ?? one.finding}`)
  for (const one of report.notUnderstood) out(`  not understood 未识别 [${one.index}] ${one.action}: ${one.text.slice(0, 80)}`)
}
