export { AlertListPage } from './alert/list.tsx'
export { AlertPage } from './alert/detail.tsx'
