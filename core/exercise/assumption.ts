/** What a translation took for granted, said in both languages, so that nobody reads a replay for more than it is. */
import type { Words } from '../event.ts'
import { kindOf, readyAtOf, textOf } from './kinds.ts'
import type { Territory } from './territory.ts'
import type { Frame, Read } from './translate.ts'

export function assumptionsOf(frame: Frame, reads: readonly Read[], from: 'level' | 'dead' | null): readonly Words[] {
  const { scenario, territory, cast, severity } = frame
  const unlisted = cast.members.filter((one) => !one.listed && one !== cast.public).map((one) => one.key)
  const unread = scenario.entries
    .filter((entry) => textOf(entry.data, 'readyAt') !== null && readyAtOf(entry) === null)
    .map((entry) => entry.index)
  const begun = reads
    .filter((one) => one.kind === 'secondary-event' && kindOf(one.entry, false).kind === 'incident-start')
    .map((one) => one.entry.index)
  const said: (Words | false)[] = [
    {
      'zh-CN': '各单位均按未核实登记；其职能、层级、所在行政区域由名称和类别推断。',
      en: 'Every organization is registered as unverified; its functions, level and territory are read from its name and kind.',
    },
    {
      'zh-CN': '记录中的第一条视为接报，报告单位为该条的行为单位。',
      en: 'The first entry of the record is taken as the report of the incident, made by the organization that acts in it.',
    },
    severity !== null && {
      'zh-CN': `事件分级（${severity}级）取自${from === 'dead' ? '全案最高死亡人数，按国务院令第493号的人数标准' : '案卷所载等级'}，属事后所知，当时未必知道。`,
      en: `The severity (${severity}) is taken with hindsight from ${from === 'dead' ? 'the highest count of dead in the file, by the thresholds of State Council Order 493' : 'the grade that the file states'}; it need not have been known at the time.`,
    },
    severity === null &&
      frame.class !== 'social-safety' && {
        'zh-CN': '案卷未载事件等级和死亡人数，故不定级；以分级为条件的条款不适用。',
        en: 'The file states neither grade nor dead, so the incident is not graded; clauses that depend on a severity do not bind.',
      },
    placed(territory),
    reads.some((one) => cast.byKey.get(one.entry.actor)?.sector === 'command' || one.kind === 'headquarters') && {
      'zh-CN': '指挥部自首次行动时视为启动，成员为同一上级所属单位和此前已行动的单位，各岗位空缺。',
      en: 'The headquarters counts as activated when it first acts; its members are those under the same superior and those who had acted so far, its positions are vacant.',
    },
    {
      'zh-CN': '未写明报送对象的情况报告，视为报其上级。',
      en: 'A situation report without an addressee is taken as made to the superior.',
    },
    begun.length > 0 && {
      'zh-CN': `记录载有多个起始，第一个为本事件，其余（第${begun.join('、')}条）记为次生事件。`,
      en: `The record marks several beginnings: the first is the incident, the others (entries ${begun.join(', ')}) are kept as secondary.`,
    },
    unlisted.length > 0 && {
      'zh-CN': `名单未列而在记录中出现的单位，按未核实登记：${listed(unlisted)}。`,
      en: `Met in the record but not in its list, registered as unverified: ${listed(unlisted)}.`,
    },
    cast.brokenCircles.length > 0 && {
      'zh-CN': `上级关系成环，以下单位的上级未采用：${listed(cast.brokenCircles)}。`,
      en: `Superiors run in a circle; left out for: ${listed(cast.brokenCircles)}.`,
    },
    scenario.outOfOrder > 0 && {
      'zh-CN': `有${scenario.outOfOrder}条记录未按时间排列，已按时间排序，序号仍为原序。`,
      en: `${scenario.outOfOrder} entries stood out of order; they are taken by time and keep their place as number.`,
    },
    unread.length > 0 && {
      'zh-CN': `第${unread.join('、')}条的 readyAt 无法读作时刻，未据以推算。`,
      en: `readyAt of entries ${unread.join(', ')} cannot be read as an instant and is not used.`,
    },
  ]
  return said.filter((one) => one !== false)
}

const listed = (keys: readonly string[]): string =>
  keys.length > 12 ? `${keys.slice(0, 12).join(', ')} … (${keys.length})` : keys.join(', ')

function placed(territory: Territory): Words {
  switch (territory.from) {
    case 'title':
      return {
        'zh-CN': `事发地按案卷标题取行政区划 ${territory.code}。`,
        en: `The place is taken from the title: division ${territory.code}.`,
      }
    case 'organisations':
      return {
        'zh-CN': `事发地按最先、最多行动的政府单位取行政区划 ${territory.code}。`,
        en: `The place is taken from the government that acts most in the record: division ${territory.code}.`,
      }
    case 'nowhere':
      return {
        'zh-CN': '案卷未写明可识别的行政区划，按全国（100000）处理。',
        en: 'The file names no division that we know; the nation (100000) is taken.',
      }
    case 'abroad':
      return {
        'zh-CN': '事发地不在中国，中国的法律和演示预案在当地不适用，因此不产生责任；只列记录所载的用时与事实。',
        en: 'It did not happen in China: the law of China and the demonstration plans do not bind there, so nothing is owed; only times and facts of the record are given.',
      }
  }
}
