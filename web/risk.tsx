import './risk.css'

export { RiskCarryPage } from './risk/carry.tsx'
export { RiskCoveragePage } from './risk/coverage.tsx'
export { RiskPage } from './risk/page.tsx'
export { RisksPage, RiskSitesPage } from './risk/register.tsx'
