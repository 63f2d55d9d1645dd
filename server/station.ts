/** Monitoring stations 监测: kept in the log; their readings beside it; what they cross, proposed as warnings. */
export { proposalKeeping, sourceKeeping, stationKeeping, thresholdKeeping } from './station/keeping.ts'
export { stationRoutes } from './station/routes.ts'
