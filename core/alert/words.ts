/** The few words that go into a message itself, and so are no words of a page. */
import type { CapStatus } from '../cap.ts'
import type { Words } from '../event.ts'
import type { Colour } from '../level.ts'

/** Stands before headline and description of whatever is not for people to act on (CAP 1.2, 3.2.1). */
export const STATUS_PREFIX: Readonly<Record<Exclude<CapStatus, 'Actual'>, Words>> = {
  Exercise: { 'zh-CN': '【演练】', en: '[EXERCISE] ' },
  System: { 'zh-CN': '【系统】', en: '[SYSTEM] ' },
  Test: { 'zh-CN': '【测试】', en: '[TEST] ' },
  Draft: { 'zh-CN': '【草稿】', en: '[DRAFT] ' },
}

/** Emergency Response Law art. 63. */
export const COLOUR_WORDS: Readonly<Record<Colour, Words>> = {
  red: { 'zh-CN': '红色', en: 'red' },
  orange: { 'zh-CN': '橙色', en: 'orange' },
  yellow: { 'zh-CN': '黄色', en: 'yellow' },
  blue: { 'zh-CN': '蓝色', en: 'blue' },
}
