import type { ConsultationDetail, ParticipantView, ViewShown } from '#core/view/consultation.ts'
import { ColourMark } from '../conduct/colour.tsx'
import { Badge, Link, OrganizationName, Panel } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'

type ParticipantsProps = { readonly of: ConsultationDetail; readonly begun: boolean; readonly zone?: string }

/** Who was asked for what, who answered how, who was there: one line each, those who have not answered first. */
export function Participants({ of, begun, zone }: ParticipantsProps) {
  const { t } = useWords()
  const silence = (one: ParticipantView): number => (one.answer === null && one.view === null ? 0 : 1)
  return (
    <Panel title={t('consultation.participants')} note={of.participants.length}>
      <ul className="decision-list">
        {of.participants
          .toSorted((a, b) => silence(a) - silence(b))
          .map((one) => (
            <Participant key={one.organization.id} of={one} begun={begun} {...(zone === undefined ? {} : { zone })} />
          ))}
      </ul>
    </Panel>
  )
}

function Participant({ of, begun, zone }: { readonly of: ParticipantView; readonly begun: boolean; readonly zone?: string }) {
  const { t, code, short } = useWords()
  const paths = usePaths()
  const [tone, word] = stateOf(of, begun)
  return (
    <li className="decision-row participant">
      <span className="decision-name">
        <OrganizationName of={of.organization} />
        <Badge tone={tone}>{t(word)}</Badge>
        {of.view !== null && <ViewMark of={of.view} />}
        {of.dissents && <Badge tone="soon">{t('consultation.dissents')}</Badge>}
      </span>
      <span className="soft">
        {of.function !== null && `${code('function', of.function)} · `}
        {of.asked}
        {of.who !== null && ` · ${of.who}`}
        {of.answeredAt !== null && ` · ${short(of.answeredAt, zone)}`}
        {of.request !== null && (
          <>
            {' '}
            · <Link to={paths.obligation(of.request.id)}>{t('consultation.request')}</Link> {code('status.obligation', of.request.status)}
          </>
        )}
      </span>
      {of.reason !== null && <span>{of.reason}</span>}
    </li>
  )
}

/** Where an organization stands, in one word; whoever is missing stands out once it has begun. */
function stateOf({ present, silent, answer, view }: ParticipantView, begun: boolean) {
  if (present === true) return ['good', 'consultation.present'] as const
  if (silent) return ['soon', 'consultation.silent'] as const
  if (answer === 'declines') return ['grey', 'consultation.answer.declines'] as const
  if (view !== null && answer === null) return ['good', 'consultation.answer.wrote'] as const
  if (present === false) return ['grey', 'consultation.absent'] as const
  return answer === 'attends'
    ? (['good', 'consultation.answer.attends'] as const)
    : ([begun ? 'soon' : 'grey', 'consultation.answer.none'] as const)
}

/** What one thinks should be done: the course, and to which colour. */
function ViewMark({ of }: { readonly of: ViewShown }) {
  const { code } = useWords()
  return (
    <span className="view-mark">
      {code('consultation.view', of.view)}
      {of.colour !== null && <ColourMark colour={of.colour} size={16} />}
      {of.level !== null && <span>{code('response', String(of.level))}</span>}
    </span>
  )
}

/** The last view of each side by side, the convener's own with them; what was said before stays below. */
export function Views({ of, zone }: { readonly of: ConsultationDetail; readonly zone?: string }) {
  const { t } = useWords()
  const now = of.views.filter((one) => !one.replaced)
  const before = of.views.filter((one) => one.replaced)
  const dissenting = new Set(of.participants.filter((one) => one.dissents).map((one) => one.organization.id))
  const zoned = zone === undefined ? {} : { zone }
  return (
    <Panel title={t('consultation.views')} note={now.length === 0 ? undefined : now.length}>
      {now.length === 0 ? (
        <p className="padded soft">{t('consultation.views-none')}</p>
      ) : (
        <ul className="views">
          {now.map((one) => (
            <ViewCard key={one.organization.id} of={one} dissents={dissenting.has(one.organization.id)} {...zoned} />
          ))}
        </ul>
      )}
      {before.length > 0 && (
        <details className="views-before">
          <summary>
            {t('consultation.views-before')} {before.length}
          </summary>
          <ul className="views">
            {before.map((one, index) => (
              <ViewCard key={index} of={one} dissents={false} {...zoned} />
            ))}
          </ul>
        </details>
      )}
    </Panel>
  )
}

function ViewCard({ of, dissents, zone }: { readonly of: ViewShown; readonly dissents: boolean; readonly zone?: string }) {
  const { t, short } = useWords()
  return (
    <li className={`view-card ${dissents ? 'is-dissenting' : ''}`}>
      <b>
        <OrganizationName of={of.organization} />
      </b>
      <span className="view-said">
        <ViewMark of={of} /> {dissents && <Badge tone="soon">{t('consultation.dissents')}</Badge>}
      </span>
      <span>{of.text}</span>
      <span className="soft">
        {t(`consultation.confidence.${of.confidence}`)} · {short(of.at, zone)}
      </span>
    </li>
  )
}
