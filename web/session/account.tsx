import { IconKey, IconLanguage, IconLogout, IconMoon, IconSun, IconSwitchHorizontal } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import type { SessionView } from '#core/view.ts'
import { ask } from '../api.ts'
import { Button, Dialog, toast } from '../kit/index.ts'
import { pathsIn } from '../paths.ts'
import { queryClient } from '../queries.ts'
import { setTheme, useTheme } from '../theme.ts'
import { setLanguage, useWords } from '../words.ts'

/** As whom one is here, language, day or night, passkey, another post, and leaving. */
export default function AccountDialog({ session, onClose }: { readonly session: SessionView; readonly onClose: () => void }) {
  const { t, words, code, lang } = useWords()
  const router = useRouter()
  const theme = useTheme()
  const leave = async (): Promise<void> => {
    await ask('DELETE', '/api/session')
    queryClient.clear()
    router.history.push(pathsIn(null).signIn())
  }
  const addPasskey = async (): Promise<void> => {
    const { registerPasskey } = await import('./passkey.ts')
    const answer = await registerPasskey()
    toast(
      answer === null
        ? t('frame.passkey-stopped')
        : answer.ok
          ? t('frame.passkey-registered')
          : code('refusal', answer.code, answer.params),
    )
  }
  const Sky = theme === 'day' ? IconMoon : IconSun
  return (
    <Dialog title={t('frame.account')} isOpen onClose={onClose}>
      <div className="form">
        {session.post !== null && (
          <p>
            <strong>{words(session.post.organization.name)}</strong> · {words(session.post.title)}
          </p>
        )}
        <Button onPress={() => setLanguage(lang === 'en' ? 'zh-CN' : 'en')}>
          <IconLanguage size={18} aria-hidden />
          <span lang={lang === 'en' ? 'zh-CN' : 'en'}>{lang === 'en' ? '切换到中文' : 'Change to English'}</span>
        </Button>
        <Button onPress={() => setTheme(theme === 'day' ? 'night' : 'day')}>
          <Sky size={18} aria-hidden /> {t(theme === 'day' ? 'frame.to-night' : 'frame.to-day')}
        </Button>
        {session.mode === 'operation' && window.PublicKeyCredential !== undefined && (
          <Button onPress={() => void addPasskey()}>
            <IconKey size={18} aria-hidden /> {t('frame.register-passkey')}
          </Button>
        )}
        {session.mode === 'demonstration' && (
          <Button onPress={() => router.history.push(pathsIn(null).signIn())}>
            <IconSwitchHorizontal size={18} aria-hidden /> {t('frame.change-post')}
          </Button>
        )}
        <Button onPress={() => void leave()}>
          <IconLogout size={18} aria-hidden /> {t('frame.sign-out')}
        </Button>
      </div>
    </Dialog>
  )
}
