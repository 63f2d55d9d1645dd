import type { Refusal } from '../decider.ts'
import type { Power } from '../directory/post.ts'
import type { Relations } from '../directory/relations.ts'
import type { Actor } from '../event.ts'

/** Who asks: the post, its organization and what the post may do by itself. */
export type Doer = { readonly actor: Actor; readonly powers: readonly Power[] }

/** What authority needs to know of the thing that a command is about. */
export type Thing = {
  readonly jurisdiction: string | null
  /** The territories that it touches beside its own: whoever answers for one of them sees it. */
  readonly areas?: readonly string[]
  readonly debtor?: string
  readonly creditor?: string
  /** The organization that the thing belongs to or speaks for. */
  readonly owner?: string | null
  /** Whose word it is, and who took it down. */
  readonly speakers?: readonly string[]
  /** The superior that the command would give to the owner. */
  readonly superior?: string | null
  readonly headquarters?: { readonly lead: string; readonly members: readonly string[] } | null
  /** Powers that the command would hand out. */
  readonly grants?: readonly Power[]
  /** The territory that the command acts for, where it is not the thing's own: several headquarters, one per jurisdiction. */
  readonly territory?: string
  /** A warning that is out for everybody, that is still being drawn up, or that goes to whom it names alone. */
  readonly audience?: 'everyone' | 'approvers' | 'named'
  /** Who leads the incident; left out or null, the government of the place does (Emergency Response Law art. 17). */
  readonly lead?: string | null
  /** The organization that the lead is handed over to. */
  readonly successor?: string | null
  /** The organizations that command the debtor through an activated headquarters at this instant: `commandedBy()`. */
  readonly commandedBy?: readonly string[]
  /** The organization that ordered or requested it. */
  readonly orderedBy?: string | null
  /** Who answers for a risk item: its owner, regulator and responder. */
  readonly keepers?: readonly string[]
  /** Everyone named in it: reporter, unit involved, members, debtor, creditor, superiors it climbed to. */
  readonly parties: readonly string[]
}

export type Post = Extract<Actor, { kind: 'post' }>
export type Rule = (post: Post, thing: Thing, relations: Relations, doer: Doer) => Refusal | null
export type Entry = { readonly power: Power; readonly rule: Rule } | 'system'
