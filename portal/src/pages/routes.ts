// Every page of the portal. A page is a folder with a route; here it is put into its place.

import { approvalRoute } from './approval/route';
import { approvalsRoute } from './approvals/route';
import { auditRoute } from './audit/route';
import { eventRoute } from './event/route';
import { alertsRoute, deliveriesRoute, eventsRoute, healthRoute, runsRoute } from './health/route';
import { homeRoute } from './home/route';
import { notFoundRoute } from './not-found/route';
import { insideRoute, outsideRoute, rootRoute } from './base';
import { reportsRoute } from './reports/route';
import { runRoute } from './run/route';
import { sessionsRoute } from './sessions/route';
import { setPasswordRoute } from './set-password/route';
import { signInRoute } from './sign-in/route';
import { staffRoute } from './staff/route';
import { userRoute } from './user/route';
import { usersRoute } from './users/route';

const outside = [signInRoute, setPasswordRoute] as const;

const inside = [
  homeRoute,
  usersRoute,
  userRoute,
  approvalsRoute,
  approvalRoute,
  healthRoute,
  alertsRoute,
  eventsRoute,
  eventRoute,
  deliveriesRoute,
  runsRoute,
  runRoute,
  reportsRoute,
  auditRoute,
  staffRoute,
  sessionsRoute,
  notFoundRoute,
] as const;

export const routeTree = rootRoute.addChildren([outsideRoute.addChildren(outside), insideRoute.addChildren(inside)]);
