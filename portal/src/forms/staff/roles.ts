import type { Role } from '@/api/types';

/** What each role is there for. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'Reads everything, changes nothing.',
  support: 'Helps customers, within limits.',
  billing: 'Approves what others ask for, replays events, has higher limits.',
  owner: 'Manages administrators and limits.',
};
