import { IconAlertTriangle, IconCheck, IconLink } from '@tabler/icons-react'
import { binds, type Clause } from '#core/instrument.ts'
import type { InstrumentDetail } from '#core/view/instrument.ts'
import { Badge, Link } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'
import { aboutWords, authorityWords, costWords, detailWords, dutySentence, evidenceWords, stepsWords, type Naming } from './sentence.ts'

type ClauseProps = { readonly of: Clause; readonly instrument: InstrumentDetail; readonly isTarget: boolean }

/** One provision: its words in both languages, and what the system makes of it. */
export function ClauseItem({ of, instrument, isTarget }: ClauseProps) {
  const { t, words, code, lang } = useWords()
  const paths = usePaths()
  return (
    <li id={`clause-${of.id}`} tabIndex={-1} className={`clause ${isTarget ? 'is-target' : ''}`}>
      <header>
        <h3>{words(of.article)}</h3>
        <Badge tone={of.kind === 'text' ? 'grey' : 'accent'}>{code('instrument.clause-kind', of.kind)}</Badge>
        <Badge>{code('obligation.wording', of.wording)}</Badge>
        <Link className="clause-link" to={paths.clause(instrument.id, of.id)} aria-label={`${t('instrument.link')}: ${words(of.article)}`}>
          <IconLink size={16} aria-hidden />
        </Link>
      </header>
      <div className="clause-words">
        <p lang={lang}>{words(of.words)}</p>
        <p lang={lang === 'en' ? 'zh-CN' : 'en'} className="soft">
          {lang === 'en' ? of.words['zh-CN'] : of.words.en}
        </p>
      </div>
      {of.kind !== 'text' && <AsData of={of} naming={{ parties: instrument.signatories, clauses: instrument.clauses }} />}
    </li>
  )
}

/** The clause as data, in sentences. */
function AsData({ of, naming }: { readonly of: Exclude<Clause, { kind: 'text' }>; readonly naming: Naming }) {
  const api = useWords()
  return (
    <div className="as-data">
      <h4>{api.t('instrument.as-data')}</h4>
      {binds(of) ? (
        <Bound of={of} naming={naming} />
      ) : of.kind === 'escalation' ? (
        <Climbs of={of} naming={naming} />
      ) : (
        <Lines of={of} naming={naming} />
      )}
    </div>
  )
}

function Bound({ of, naming }: { readonly of: Extract<Clause, { kind: 'duty' | 'disclosure' | 'resource' }>; readonly naming: Naming }) {
  const api = useWords()
  const evidence = evidenceWords(of, api, naming)
  return (
    <>
      <p>
        <b>{dutySentence(of, api, naming)}</b>
      </p>
      <p className="soft">{detailWords(of, api).join(' · ')}</p>
      {evidence !== null && <p className="soft">{evidence}</p>}
      {of.limit.within !== null && (
        <Confirmed is={of.limit.confirmed} source={of.limit.source === null ? null : api.words(of.limit.source)} />
      )}
    </>
  )
}

function Climbs({ of, naming }: { readonly of: Extract<Clause, { kind: 'escalation' }>; readonly naming: Naming }) {
  const api = useWords()
  const { t } = api
  const about = aboutWords(of.of, api, naming)
  return (
    <>
      <p>{about === null ? t('instrument.escalation-of-all') : t('instrument.escalation-of', { clauses: about })}</p>
      <p>{t('instrument.escalation')}</p>
      <ol>
        {stepsWords(of, api, naming).map((step, index) => (
          <li key={index}>
            <b>{step.text}</b> {!step.confirmed && <span className="unconfirmed">{t('instrument.step-unconfirmed')}</span>}
          </li>
        ))}
      </ol>
    </>
  )
}

function Lines({ of, naming }: { readonly of: Extract<Clause, { kind: 'cost' | 'authority' }>; readonly naming: Naming }) {
  const api = useWords()
  const [first, ...rest] = of.kind === 'cost' ? costWords(of, api, naming) : authorityWords(of, api, naming)
  return (
    <>
      <p>
        <b>{first}</b>
      </p>
      <p className="soft">{rest.join(' · ')}</p>
    </>
  )
}

function Confirmed({ is, source }: { readonly is: boolean; readonly source: string | null }) {
  const { t } = useWords()
  return (
    <p className={is ? 'limit-mark' : 'limit-mark is-unconfirmed'}>
      {is ? <IconCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
      <span>
        {is ? t('obligation.limit-confirmed') : t('obligation.limit-unconfirmed')}
        {source !== null && <span className="soft"> {t('obligation.limit-source', { source })}</span>}
      </span>
    </p>
  )
}
