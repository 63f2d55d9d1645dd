import type { Report } from './measure.ts'
export const live = async (_: Report): Promise<void> => {}
