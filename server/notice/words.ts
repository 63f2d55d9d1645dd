/** The words of notices in both languages: a letter is written where no page is open, so they stand on the server. */
import type { Language } from '#core/channel.ts'
import type { Words } from '#core/event.ts'
import type { Item, Notice } from '#core/notice.ts'

const say = (zh: string, en: string): Words => ({ 'zh-CN': zh, en })

const TITLES: Readonly<Record<string, Words>> = {
  'obligation-owed': say('新的责任：{act}', 'Owed: {act}'),
  'obligation-requested': say('收到请求：{act}', 'Requested: {act}'),
  'obligation-insisted': say('上级坚持要求：{act}', 'Insisted on: {act}'),
  'obligation-lapsed': say('已逾期：{act}', 'Overdue: {act}'),
  'obligation-lapsed-us': say('对方逾期：{act}', 'Overdue to you: {act}'),
  'obligation-unanswered': say('未按时答复：{act}', 'Not answered in time: {act}'),
  'obligation-unanswered-us': say('对方未按时答复：{act}', 'Not answered to you: {act}'),
  'obligation-unaccepted': say('签收后无进展，请重新签收：{act}', 'Silent since accepted, accept anew: {act}'),
  'obligation-escalated': say('下级逾期，已报到您处：{act}', 'Overdue below you: {act}'),
  'obligation-declined': say('对方不接受：{act}', 'Declined: {act}'),
  'extension-asked': say('对方申请延期：{act}', 'Extension asked: {act}'),
  'extension-granted': say('同意延期：{act}', 'Extension granted: {act}'),
  'extension-refused': say('不同意延期：{act}', 'Extension refused: {act}'),
  'obligation-discharged': say('已办结：{act}', 'Discharged: {act}'),
  'obligation-disputed': say('佐证被质疑：{act}', 'Evidence disputed: {act}'),
  'obligation-released': say('责任已解除：{act}', 'Released: {act}'),
  'headquarters-activated': say('指挥部已启动，贵单位为成员', 'Headquarters activated; you are a member'),
  warning: say('{colour}预警', 'Warning: {colour}'),
  'alert-issued': say('{headline}', '{headline}'),
  'alert-submitted': say('预警待审批：{headline}', 'A warning awaits your approval: {headline}'),
  'station-crossed': say('监测建议发布{colour}预警：{hazard}', 'Readings propose a warning ({colour}): {hazard}'),
  'hand-over-offered': say('请接管指挥：{incident}', 'Asked to take over the lead: {incident}'),
  'taken-over': say('指挥权已移交：{incident}', 'The lead was handed over: {incident}'),
  'information-delivered': say('收到信息：{fact}', 'Information for you: {fact}'),
  'information-correction': say('更正：此前告知的信息有误（{fact}）', 'Correction: what you were told was wrong ({fact})'),
  'intake-taken-down': say('新来报待处理：{number}', 'A new report to handle: {number}'),
  'release-drafted': say('信息发布稿待审批', 'A public release awaits your approval'),
  'release-published': say('信息已发布', 'A public release is out'),
  'needs-published': say('需求信息：{incident}', 'Needs published: {incident}'),
  'decision-taken': say('联合决定已作出', 'A joint decision was taken'),
  'decision-proposed': say('联合决定待会签', 'A joint decision awaits you'),
  'instrument-expiry': say('依据将在{days}天内失效：{instrument}', 'Ends within {days} days: {instrument}'),
  'finding-raised': say('新的督查问题：{act}', 'Finding raised: {act}'),
  'finding-climbed': say('督查问题已升级到您处：{act}', 'A finding has climbed to you: {act}'),
  'finding-measure-due': say('督查措施待执行：{act}', 'A measure is due on a finding: {act}'),
  'finding-step': say('督查：{act}', 'Supervision: {act}'),
  'finding-answered': say('被督查单位已回应：{act}', 'The subject has answered: {act}'),
  'incident-declared': say('突发事件已确认：{incident}', 'Incident declared: {incident}'),
  'response-set': say('应急响应{level}级：{incident}', 'Response level {level}: {incident}'),
  'incident-closed': say('突发事件已结束：{incident}', 'Incident closed: {incident}'),
  test: say('通知渠道测试', 'Test of this channel'),
  digest: say('通知汇总：{count}条', 'Digest: {count} notices'),
}

const DUTY = say('事件：{incident}。责任方：{debtor}。时限：{due}。', 'Incident: {incident}. Owed by {debtor}. Due {due}.')
const ABOUT = say('事件：{incident}。责任方：{debtor}。', 'Incident: {incident}. Owed by {debtor}.')
const REASONED = say('事件：{incident}。责任方：{debtor}。理由：{reason}', 'Incident: {incident}. Owed by {debtor}. Reason: {reason}')
const SUPERVISED = say('责任方：{debtor}。{text}', 'Owed by {debtor}. {text}')
const NOTHING = say('', '')

const BODIES: Readonly<Record<string, Words>> = {
  'obligation-owed': DUTY,
  'obligation-requested': DUTY,
  'obligation-insisted': REASONED,
  'obligation-lapsed': DUTY,
  'obligation-lapsed-us': DUTY,
  'obligation-unanswered': DUTY,
  'obligation-unanswered-us': DUTY,
  'obligation-unaccepted': DUTY,
  'obligation-escalated': DUTY,
  'obligation-declined': REASONED,
  'extension-asked': REASONED,
  'extension-granted': REASONED,
  'extension-refused': REASONED,
  'obligation-discharged': ABOUT,
  'obligation-disputed': REASONED,
  'obligation-released': ABOUT,
  'headquarters-activated': say('事件：{incident}。', 'Incident: {incident}.'),
  warning: say('事件：{incident}。{text}', 'Incident: {incident}. {text}'),
  'alert-issued': say('范围：{area}。有效期至{until}。', 'Area: {area}. In force until {until}.'),
  'alert-submitted': say('范围：{area}。', 'Area: {area}.'),
  'station-crossed': say(
    '{station}：{value}，阈值 {limit}。请决定是否发布预警；不采纳的，写明理由。',
    '{station}: {value}, threshold {limit}. Decide whether to warn; if not, say why.',
  ),
  'information-delivered': say('事件：{incident}。现为：{text}', 'Incident: {incident}. It stands at: {text}'),
  'information-correction': say(
    '事件：{incident}。现更正为：{text}。请勿再使用此前的数据。',
    'Incident: {incident}. It stands at: {text}. Do not use the earlier value.',
  ),
  'intake-taken-down': say('地点：{place}', 'Place: {place}'),
  'release-drafted': say('事件：{incident}。{text}', 'Incident: {incident}. {text}'),
  'release-published': say('事件：{incident}。{text}', 'Incident: {incident}. {text}'),
  'needs-published': say('{text}', '{text}'),
  'instrument-expiry': say('有效期至{until}。', 'In force until {until}.'),
  'finding-raised': SUPERVISED,
  'finding-climbed': SUPERVISED,
  'finding-measure-due': SUPERVISED,
  'finding-step': SUPERVISED,
  'finding-answered': SUPERVISED,
  'incident-declared': NOTHING,
  'response-set': NOTHING,
  'incident-closed': NOTHING,
  test: say('如收到请确认，用于核实贵岗位此渠道畅通。', 'Please confirm that you got this: it shows that this channel reaches your post.'),
}
const PLAIN = say('{text}', '{text}')

const COLOURS: Readonly<Record<string, Words>> = {
  red: say('红色', 'red'),
  orange: say('橙色', 'orange'),
  yellow: say('黄色', 'yellow'),
  blue: say('蓝色', 'blue'),
}
const NO_LIMIT = say('未定', 'not set')

export type Reading = { readonly language: Language; readonly zone: string }

const timeText = (at: string, { language, zone }: Reading): string =>
  new Intl.DateTimeFormat(language, {
    timeZone: zone,
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at))

function paramText(name: string, value: Item['params'][string] | undefined, reading: Reading): string {
  if (typeof value === 'object') return value[reading.language]
  const text = value === undefined ? '' : String(value)
  if (name === 'due') return text === '' ? NO_LIMIT[reading.language] : timeText(text, reading)
  return name === 'colour' ? (COLOURS[text]?.[reading.language] ?? text) : text
}

const fill = (template: string, params: Item['params'], reading: Reading): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => paramText(name, params[name], reading))

/** One item as a title and a sentence or two. */
export function itemWords(item: Item, reading: Reading): { readonly title: string; readonly text: string } {
  const title = TITLES[item.code]?.[reading.language] ?? item.code
  const text = (BODIES[item.code] ?? PLAIN)[reading.language]
  return { title: fill(title, item.params, reading), text: fill(text, item.params, reading).trim() }
}

/** The whole notice: of one item itself, of a digest a numbered list. */
export function noticeWords(state: Notice, reading: Reading): { readonly title: string; readonly text: string } {
  const [first] = state.items
  if (state.purpose !== 'digest' || state.items.length === 1) return first ? itemWords(first, reading) : { title: '', text: '' }
  const count = state.items.length + state.more
  const lines = state.items.map((item, i) => {
    const { title, text } = itemWords(item, reading)
    return `${i + 1}. ${title}${text === '' ? '' : ` — ${text}`}`
  })
  return { title: fill((TITLES.digest ?? PLAIN)[reading.language], { count }, reading), text: lines.join('\n') }
}

/** How to answer, for a channel that takes answers. */
export function answerWords(language: Language, { code, answerable }: { readonly code: string; readonly answerable: boolean }): string {
  if (language === 'en')
    return answerable
      ? `Reply "1 ${code}" to accept, "2 ${code} reason" to decline, "0 ${code}" to say received.`
      : `Reply "0 ${code}" to say received.`
  return answerable ? `回复“1 ${code}”签收，“2 ${code} 理由”不接受，“0 ${code}”仅表示收到。` : `回复“0 ${code}”表示收到。`
}

const SAID_BACK: Readonly<Record<string, Words>> = {
  received: say('已记录：收到。', 'Recorded: received.'),
  accepted: say('已记录：签收。', 'Recorded: accepted.'),
  declined: say('已记录：不接受，并附理由。', 'Recorded: declined, with the reason.'),
  'no-code': say('未找到编号。请在回复中写上通知里的编号。', 'No code was found. Please write the code of the notice into your reply.'),
  'code-lapsed': say('编号已失效，请登录系统处理。', 'The code has lapsed. Please use the system.'),
  'foreign-code': say('该编号不属于本地址，未作任何改动。', 'That code does not belong to this address. Nothing was changed.'),
  'not-understood': say('未能理解。请以 1、2(附理由)或 0 开头回复。', 'Not understood. Begin your reply with 1, 2 (with a reason) or 0.'),
  'no-reason': say('不接受须说明理由：“2 编号 理由”。', 'To decline, say why: "2 code reason".'),
  'not-an-obligation': say('这条通知无须签收，已记录为收到。', 'There is nothing to accept in this notice; it was recorded as received.'),
  'not-allowed': say('系统未接受：{code}。请登录系统查看。', 'Refused: {code}. Please look into the system.'),
}
/** What goes back to who answered. */
export const replyWords = (what: string, language: Language, code = ''): string =>
  (SAID_BACK[what] ?? SAID_BACK['not-understood'] ?? PLAIN)[language].replace('{code}', code)
