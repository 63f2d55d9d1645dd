import { z } from 'zod/mini'

/** Levels run from 1 (gravest) to 4. Severity, response level and warning colour share the ladder and are never mixed. */
export const Level = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)])
export type Level = z.infer<typeof Level>

/** Severity 事件分级: 1 特别重大, 2 重大, 3 较大, 4 一般. Emergency Response Law art. 3. */
export type Severity = Level

/** Warning colour 预警颜色. Emergency Response Law art. 63: red is level 1, orange 2, yellow 3, blue 4. */
export const Colour = z.enum(['red', 'orange', 'yellow', 'blue'])
export type Colour = z.infer<typeof Colour>
const LADDER: readonly Colour[] = ['red', 'orange', 'yellow', 'blue']
export const colourLevel = (colour: Colour): Level => (LADDER.indexOf(colour) + 1) as Level

/** Whether `a` is graver than `b`; 1 is the gravest, so never compare levels with `<` elsewhere. */
export const graver = (a: Level, b: Level): boolean => a < b
export const atLeastAsGrave = (a: Level, b: Level): boolean => a <= b

/** The four classes of Emergency Response Law art. 2. */
export const IncidentClass = z.enum(['natural', 'accident', 'public-health', 'social-safety'])
export type IncidentClass = z.infer<typeof IncidentClass>
