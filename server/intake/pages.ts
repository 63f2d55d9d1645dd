/** The public pages of reports, as HTML: under 30 kB, whole without a script. */
import type { Relations } from '#core/directory/relations.ts'
import { codeShown, MEDIA_MAX, type Report } from '#core/intake.ts'
import { html, say, type Html, type Language, type Page } from '../public/html.ts'
import { hazardWords, OFFERED, told } from './words.ts'

export type Draft = {
  /** Sent twice, the form is one report. */
  readonly key: string
  readonly text: string
  readonly place: string
  readonly hazard: string
  readonly haste: string
  readonly people: string
  readonly contact: string
  readonly when: string
  readonly at: string
}
type Shown = Pick<Page, 'title' | 'body' | 'foot' | 'heading'> & { readonly lang: Language }

/** Numbers as the configuration lists them, in an English sentence. */
const listed = (numbers: string): string => numbers.replaceAll('、', ', ')

const call = (lang: Language, numbers: string): Html =>
  html`<p class="card call">
    <strong>${say(lang, `有人遇险，请先打电话：${numbers}`, `If anybody is in danger, call first: ${listed(numbers)}`)}</strong>
  </p>`

const footOf = (lang: Language): Html =>
  html`<a href="/public/report/status?lang=${lang}">${say(lang, '查询我的来报', 'Follow my report')}</a>`

/** A field with its label, its hint, and what is wrong with it. */
function labelled(lang: Language, name: string, label: string, hint: string | null, missing: boolean, control: Html): Html {
  return html`<p class="field">
    <label for="${name}">${label}</label>${
      hint !== null && html`<span class="hint" id="${name}-hint">${hint}</span>`
    }${missing && html`<span class="hint wrong" id="${name}-wrong">${say(lang, '请填写这一项', 'Please fill this in')}</span>`}${control}
  </p>`
}

export type FormParts = {
  readonly draft: Draft
  readonly missing: readonly string[]
  readonly territories: readonly { readonly code: string; readonly name: string }[]
  readonly call: string
}

export function formPage(lang: Language, { draft, missing, territories, call: numbers }: FormParts): Shown {
  const t = (zh: string, en: string): string => say(lang, zh, en)
  const isMissing = (name: string): boolean => missing.includes(name)
  const described = (name: string): Html =>
    html`aria-describedby="${name}-hint${isMissing(name) ? ` ${name}-wrong` : ''}"${isMissing(name) && html` aria-invalid="true"`}`
  const option = (value: string, label: string, chosen: boolean): Html =>
    html`<option value="${value}" ${chosen && html` selected`}>${label}</option>`
  const hastes = [
    ['now', t('有人正处于危险中', 'People are in danger now')],
    ['soon', t('情况可能变坏', 'It may get worse')],
    ['later', t('不紧急', 'Not urgent')],
  ] as const
  const body = html`${call(lang, numbers)}
    <p>
      ${t('看到险情、事故或异常，都可以在这里报告，不需要登录。', 'Report a danger, an accident or anything unusual here. You need not sign in.')}
    </p>
    ${missing.length > 0 && html`<p class="card wrong" role="alert">${t('还有必填项没有填写。', 'Something that is needed is missing.')}</p>`}
    <form method="post" action="/public/report?lang=${lang}" enctype="multipart/form-data">
      <input type="hidden" name="key" value="${draft.key}" />
      ${labelled(lang, 'text', t('发生了什么', 'What is happening'), t('看到什么就写什么。', 'Write what you see.'), isMissing('text'), html`<textarea id="text" name="text" rows="4" maxlength="4000" required ${described('text')}>${draft.text}</textarea>`)}
      ${labelled(lang, 'place', t('在哪里', 'Where'), t('路名、门牌、村组、附近的标志物。', 'Street and number, village, a landmark nearby.'), isMissing('place'), html`<input id="place" name="place" maxlength="200" required autocomplete="off" ${described('place')} value="${draft.place}" />`)}
      ${
        territories.length > 1 &&
        labelled(
          lang,
          'at',
          t('属于哪个地区', 'In which territory'),
          null,
          false,
          html`<select id="at" name="at">
            ${territories.map(({ code, name }) => option(code, name, code === draft.at))}
          </select>`,
        )
      }
      <fieldset>
        <legend>${t('有多急', 'How urgent')}</legend>
        ${hastes.map(([value, label]) => html`<label class="choice"><input type="radio" name="haste" value="${value}" ${(draft.haste === value || (value === 'soon' && draft.haste === '')) && html` checked`} />${label}</label>`)}
      </fieldset>
      ${labelled(lang, 'people', t('有没有人受伤或被困', 'Is anybody hurt or trapped'), t('可不填。', 'Optional.'), false, html`<input id="people" name="people" maxlength="200" autocomplete="off" aria-describedby="people-hint" value="${draft.people}" />`)}
      ${labelled(lang, 'contact', t('怎样联系您', 'How to reach you'), t('可不填。只给处理的单位看，事后销毁。', 'Optional. Seen only by whoever deals with it, and destroyed afterwards.'), false, html`<input id="contact" name="contact" maxlength="200" autocomplete="tel" aria-describedby="contact-hint" value="${draft.contact}" />`)}
      ${labelled(
        lang,
        'hazard',
        t('哪一类情况', 'What kind of thing'),
        t('可不选。', 'Optional.'),
        false,
        html`<select id="hazard" name="hazard" aria-describedby="hazard-hint">
          ${option('', t('不清楚', 'I am not sure'), draft.hazard === '')}${OFFERED.map((one) => option(one, hazardWords(lang, one), one === draft.hazard))}
        </select>`,
      )}
      ${labelled(lang, 'when', t('什么时候看到的', 'When you saw it'), t('刚刚看到的不用填（北京时间）。', 'Leave it empty if just now (Beijing time).'), false, html`<input id="when" name="when" type="datetime-local" aria-describedby="when-hint" value="${draft.when}" />`)}
      ${labelled(lang, 'photos', t('照片', 'Photos'), t(`可不传，最多${MEDIA_MAX}张，每张不超过8 MB。照片里的拍摄地点等信息会被去掉。`, `Optional, at most ${MEDIA_MAX}, up to 8 MB each. What cameras write into them, such as the place, is removed.`), false, html`<input id="photos" name="photos" type="file" multiple accept="image/jpeg,image/png,image/webp" aria-describedby="photos-hint" />`)}
      <p class="unseen" aria-hidden="true">
        <label for="website">${t('请留空', 'Leave this empty')}</label
        ><input id="website" name="website" tabindex="-1" autocomplete="off" />
      </p>
      <button type="submit">${t('提交来报', 'Send the report')}</button>
    </form>`
  return { lang, title: t('报告险情', 'Report a danger'), body, foot: footOf(lang) }
}

export function donePage(
  lang: Language,
  { code, refusedFiles, call: numbers }: { readonly code: string; readonly refusedFiles: number; readonly call: string },
): Shown {
  const t = (zh: string, en: string): string => say(lang, zh, en)
  const link = `/public/report/status?lang=${lang}&code=${code}`
  const body = html`<div class="card good">
      <p>${t('您的来报已记录，值班单位会查看。', 'Your report is recorded; the duty desk will look at it.')}</p>
      <p>
        ${t('查询编号（请记下或截屏）：', 'Follow-up code (write it down or take a picture):')}<br /><span class="code"
          >${codeShown(code)}</span
        >
      </p>
      <p><a class="button" href="${link}">${t('查看进展、补充情况', 'See how it stands, add to it')}</a></p>
    </div>
    ${refusedFiles > 0 && html`<p class="card soon">${t(`有${refusedFiles}张照片未能收下：只收 JPEG、PNG、WebP，最多${MEDIA_MAX}张，每张不超过8 MB。`, `${refusedFiles} photo(s) could not be taken: JPEG, PNG or WebP only, at most ${MEDIA_MAX}, up to 8 MB each.`)}</p>`}
    ${call(lang, numbers)}`
  return {
    lang,
    title: t('已收到', 'Received'),
    body,
    foot: html`<a href="/public/report?lang=${lang}">${t('再报一件', 'Report something else')}</a>`,
  }
}

const WHY: Readonly<Record<'busy' | 'too-large' | 'failed', readonly [zh: string, en: string]>> = {
  busy: ['现在提交的人太多，请稍后再试', 'Too many are reporting just now; try again in a minute'],
  'too-large': ['照片太大，没有收下', 'The photos are too large and were not taken'],
  failed: ['没有提交成功', 'It was not sent'],
}

/** Whatever went wrong, there is a number to call. */
export function callPage(lang: Language, why: keyof typeof WHY, numbers: string): Shown {
  const t = (zh: string, en: string): string => say(lang, zh, en)
  const body = html`<div class="card call">
      <p><strong>${t(`请直接拨打：${numbers}`, `Please call: ${listed(numbers)}`)}</strong></p>
      <p>${t('情况紧急时不要等待网页。', 'If it is urgent, do not wait for this page.')}</p>
    </div>
    <p>
      ${t('返回上一页，您填写的内容还在。', 'Go back: what you have written is still there.')}
      <a href="/public/report?lang=${lang}">${t('重新填写', 'Start again')}</a>
    </p>`
  return { lang, title: t(...WHY[why]), body }
}

export type StatusParts = {
  /** As it is shown, or as somebody typed it. */
  readonly code: string
  readonly found: { readonly state: Report; readonly now: Report } | null
  readonly relations: Relations
  readonly number: string | null
  readonly said: 'added' | 'nothing' | null
  readonly key: string
  readonly call: string
}

export function statusPage(lang: Language, { code, found, relations, number, said, key, call: numbers }: StatusParts): Shown {
  const t = (zh: string, en: string): string => say(lang, zh, en)
  const title = t('查询来报', 'Follow a report')
  const ask = html`<form method="get" action="/public/report/status">
    <input type="hidden" name="lang" value="${lang}" />
    ${labelled(lang, 'code', t('查询编号', 'Follow-up code'), t('12 位，大小写和空格都可以。', '12 characters; spaces and small letters do no harm.'), false, html`<input id="code" name="code" maxlength="40" required autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="code-hint" value="${found === null ? code : ''}" />`)}
    <button type="submit">${t('查询', 'Look it up')}</button>
  </form>`
  const foot = html`<a href="/public/report?lang=${lang}">${t('报告险情', 'Report a danger')}</a>`
  if (found === null)
    return {
      lang,
      title,
      foot,
      body: html`${code !== '' && html`<p class="card wrong" role="alert">${t('没有这个编号，请核对。', 'There is no such code; please check it.')}</p>`}${ask}${call(lang, numbers)}`,
    }
  const { state, now } = found
  const { tone, state: stands, means } = told(lang, now, relations, number)
  const body = html`${said === 'added' && html`<p class="card good" role="status">${t('补充的内容已收到。', 'What you added has been received.')}</p>`}
    ${said === 'nothing' && html`<p class="card wrong" role="alert">${t('请写下要补充的内容。', 'Please write what you want to add.')}</p>`}
    <div class="card ${tone}">
      <p><strong>${stands}</strong></p>
      <p>${means}</p>
    </div>
    <dl class="card">
      <dt>${t('来报', 'Report')}</dt>
      <dd>${state.number}</dd>
      <dt>${t('收到时间', 'Received')}</dt>
      <dd>${shownTime(lang, state.enteredAt)}</dd>
      ${
        state.mergedInto !== null &&
        html`<dt>${t('说明', 'Note')}</dt>
          <dd>${t('与其他来报说的是同一件事，一并处理。', 'Others have reported the same; it is dealt with together.')}</dd>`
      }
      ${
        state.additions.length > 0 &&
        html`<dt>${t('补充', 'Added since')}</dt>
          <dd>${t(`${state.additions.length} 次`, `${state.additions.length} time(s)`)}</dd>`
      }
    </dl>
    <form method="post" action="/public/report/status?lang=${lang}" enctype="multipart/form-data">
      <input type="hidden" name="code" value="${code}" /><input type="hidden" name="key" value="${key}" />
      ${labelled(lang, 'text', t('补充情况', 'Add to it'), t('情况变化、新的位置、是否已脱险。', 'What has changed, a better place, whether people are safe.'), said === 'nothing', html`<textarea id="text" name="text" rows="3" maxlength="4000" required aria-describedby="text-hint"></textarea>`)}
      ${labelled(lang, 'photos', t('照片', 'Photos'), t(`可不传，最多${MEDIA_MAX}张。`, `Optional, at most ${MEDIA_MAX}.`), false, html`<input id="photos" name="photos" type="file" multiple accept="image/jpeg,image/png,image/webp" aria-describedby="photos-hint" />`)}
      <button type="submit">${t('提交补充', 'Send')}</button>
    </form>
    ${call(lang, numbers)}`
  return { lang, title, body, foot }
}

const shownTime = (lang: Language, at: string): string =>
  new Intl.DateTimeFormat(lang, { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at))
