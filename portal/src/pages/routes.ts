// Every page of the portal. A page is a folder with a route; here it is put into its place.

import { homeRoute } from './home/route';
import { notFoundRoute } from './not-found/route';
import { insideRoute, outsideRoute, rootRoute } from './base';
import { sessionsRoute } from './sessions/route';
import { setPasswordRoute } from './set-password/route';
import { signInRoute } from './sign-in/route';

const outside = [signInRoute, setPasswordRoute] as const;

const inside = [
  homeRoute,
  sessionsRoute,
  notFoundRoute,
] as const;

export const routeTree = rootRoute.addChildren([outsideRoute.addChildren(outside), insideRoute.addChildren(inside)]);
