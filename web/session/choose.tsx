import { IconChevronRight } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { Input, Label, SearchField } from 'react-aria-components'
import type { PostView, SessionView } from '#core/view.ts'
import { Button, Empty } from '../kit/index.ts'
import { useWords, type WordsApi } from '../words.ts'

/** A post says whose territory its organization serves; where it says none, posts are grouped by organization alone. */
export type Placed = PostView & { readonly jurisdiction?: SessionView['jurisdiction'] }
type Government = 'nation' | 'province' | 'prefecture' | 'county' | 'none'
/** Nearest to the ground first: there incidents begin. */
const GOVERNMENTS: readonly Government[] = ['county', 'prefecture', 'province', 'nation', 'none']
/** Fewer posts than this need no filter. */
const FILTER_FROM = 6

/** GB/T 2260: trailing zeros tell the level. A municipality's districts count as county level. */
function governmentOf(post: Placed): Government {
  const code = post.jurisdiction?.code
  if (code === undefined) return 'none'
  if (code === '100000') return 'nation'
  if (code.endsWith('0000')) return 'province'
  return code.endsWith('00') ? 'prefecture' : 'county'
}

type Organization = { readonly id: string; readonly name: string; readonly posts: readonly Placed[] }
type Group = { readonly government: Government; readonly organizations: readonly Organization[] }

function grouped(posts: readonly Placed[], text: string, { words }: WordsApi): readonly Group[] {
  const wanted = text.trim().toLowerCase()
  const names = (post: Placed): readonly string[] => [
    post.title['zh-CN'],
    post.title.en,
    post.organization.name['zh-CN'],
    post.organization.name.en,
  ]
  const groups = new Map<Government, Map<string, { id: string; name: string; posts: Placed[] }>>()
  for (const post of posts) {
    if (!names(post).some((name) => name.toLowerCase().includes(wanted))) continue
    const group = groups.get(governmentOf(post)) ?? new Map<string, { id: string; name: string; posts: Placed[] }>()
    groups.set(governmentOf(post), group)
    const { id, name } = post.organization
    const organization = group.get(id) ?? { id, name: words(name), posts: [] }
    organization.posts.push(post)
    group.set(id, organization)
  }
  return GOVERNMENTS.flatMap((government) => {
    const group = groups.get(government)
    return group === undefined
      ? []
      : [{ government, organizations: [...group.values()].toSorted((a, b) => b.posts.length - a.posts.length) }]
  })
}

/** Posts by level of government and organization, with a filter; `choose` enters as one of them. */
export function PostChoices({ posts, choose }: { readonly posts: readonly Placed[]; readonly choose: (post: PostView) => void }) {
  const api = useWords()
  const { t, code } = api
  const [text, setText] = useState('')
  const groups = useMemo(() => grouped(posts, text, api), [posts, text, api])
  return (
    <>
      {posts.length >= FILTER_FROM && (
        <SearchField className="field" value={text} onChange={setText}>
          <Label>{t('session.filter')}</Label>
          <Input />
        </SearchField>
      )}
      {groups.length === 0 && <Empty title={t('session.none-found', { text })} />}
      {groups.map((group) => (
        <section key={group.government} className="post-group">
          {(groups.length > 1 || group.government !== 'none') && <h3>{code('government', group.government)}</h3>}
          <ul>
            {group.organizations.map((one) => (
              <OrganizationPosts key={one.id} of={one} choose={choose} />
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

function OrganizationPosts({ of, choose }: { readonly of: Organization; readonly choose: (post: PostView) => void }) {
  const { t, words } = useWords()
  return (
    <li className="post-organization">
      <strong>{of.name}</strong>
      <div className="post-choices">
        {of.posts.map((post) => (
          <Button
            key={post.id}
            aria-label={t('session.enter-as', { post: `${of.name} · ${words(post.title)}` })}
            onPress={() => choose(post)}
          >
            {words(post.title)}
            <IconChevronRight size={16} aria-hidden />
          </Button>
        ))}
      </div>
    </li>
  )
}
