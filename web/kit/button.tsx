import { useRouter } from '@tanstack/react-router'
import { type ComponentProps, type MouseEvent, type ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps } from 'react-aria-components'

export type Variant = 'primary' | 'plain' | 'quiet' | 'late'

/** A button; `primary` is the one obvious next action of its place. */
export function Button({
  variant = 'plain',
  className = '',
  ...rest
}: Omit<ButtonProps, 'className'> & { readonly variant?: Variant; readonly className?: string }) {
  return <AriaButton {...rest} className={`button is-${variant} ${className}`} />
}

type LinkProps = Omit<ComponentProps<'a'>, 'href'> & { readonly to: string; readonly children?: ReactNode }

/** A link inside the pages. `to` comes from `usePaths()`. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const router = useRouter()
  const go = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event)
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
    if (event.defaultPrevented || !plain || rest.target !== undefined) return
    event.preventDefault()
    router.history.push(to)
  }
  return <a {...rest} href={to} onClick={go} />
}

/** A link that looks like a button. */
export function LinkButton({ variant = 'plain', className = '', ...rest }: LinkProps & { readonly variant?: Variant }) {
  return <Link {...rest} className={`button is-${variant} ${className}`} />
}
