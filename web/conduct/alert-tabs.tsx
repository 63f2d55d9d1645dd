/** The tabs of the pages about warnings, for the rooms that stand among them. */
export { AlertTabs } from '../alert/tabs.tsx'
