import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { OrganizationView } from '#core/view.ts'
import { Badge, Button, DataList } from '../kit/index.ts'
import { OrderDialog } from '../kit/obligation-order.tsx'
import { useWorld } from '../paths.ts'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'

type Props = { readonly of: OrganizationView; readonly onChoose: (id: string) => void; readonly onCompare: (place: 0 | 1) => void }

/** One organization: whether anybody answers for the entry, what it is for, and its posts with their powers. */
export function OrganizationDetails({ of, onChoose, onCompare }: Props) {
  const { t, words, code } = useWords()
  const { superior } = of
  return (
    <div className="padded stack">
      <p className={of.verified ? 'limit-mark' : 'limit-mark is-unconfirmed'}>
        {of.verified ? <IconCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
        <span>
          {of.verified ? t('directory.verified') : t('directory.unverified')}
          {!of.verified && <span className="soft"> {t('directory.unverified-why')}</span>}
        </span>
      </p>
      <DataList
        rows={[
          [t('directory.sector'), code('sector', of.sector)],
          [t('directory.kind'), code('organization-kind', of.kind)],
          [
            t('directory.jurisdiction'),
            of.jurisdiction === null ? t('directory.no-jurisdiction') : `${words(of.jurisdiction.name)} ${of.jurisdiction.code}`,
          ],
          [
            t('directory.superior'),
            superior === null ? (
              t('directory.no-superior')
            ) : (
              <Button key="superior" variant="plain" onPress={() => onChoose(superior.id)}>
                {words(superior.name)}
              </Button>
            ),
          ],
          [
            t('directory.functions'),
            of.functions.length === 0 ? (
              <span key="none" className="soft">
                {t('directory.functions-none')}
              </span>
            ) : (
              <Badges key="functions" words={of.functions.map((one) => code('function', one))} />
            ),
          ],
        ]}
      />
      <Posts of={of} />
      <div className="directory-compare">
        <AskButton of={of} />
        <Button onPress={() => onCompare(0)}>
          {t('directory.common')}: {t('directory.use-first')}
        </Button>
        <Button onPress={() => onCompare(1)}>
          {t('directory.common')}: {t('directory.use-second')}
        </Button>
      </div>
    </div>
  )
}

/** To order or request something of it, of no incident. */
function AskButton({ of }: Pick<Props, 'of'>) {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  const post = useQuery(sessionQuery).data?.post ?? null
  const may = post !== null && post.powers.includes('obligation.order') && post.organization.id !== of.id
  if (useWorld() !== null || !may) return null
  return (
    <>
      <Button variant="primary" onPress={() => setAsking(true)}>
        {t('obligation.ask')}
      </Button>
      {asking && <OrderDialog debtor={of.id} onClose={() => setAsking(false)} />}
    </>
  )
}

function Posts({ of }: Pick<Props, 'of'>) {
  const { t, words, code } = useWords()
  return (
    <section aria-label={t('directory.posts')}>
      <h3 className="directory-posts">
        {t('directory.posts')} {of.posts.length}
      </h3>
      {of.posts.length === 0 && <p className="soft">{t('directory.posts-none')}</p>}
      <ul className="posts">
        {of.posts.map((post) => (
          <li key={post.id}>
            <b>{words(post.title)}</b>
            <span className="soft">
              {t('directory.holders')}: {post.holders.length === 0 ? t('directory.holders-none') : post.holders.join(t('instrument.list'))}
            </span>
            {post.powers.length === 0 ? (
              <span className="soft">{t('directory.powers-none')}</span>
            ) : (
              <Badges words={post.powers.map((one) => code('power', one))} />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Badges({ words }: { readonly words: readonly string[] }) {
  return (
    <span className="badges">
      {words.map((word) => (
        <Badge key={word}>{word}</Badge>
      ))}
    </span>
  )
}
