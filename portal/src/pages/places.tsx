import { IconActivityHeartbeat, IconChartBar, IconChecklist, IconShieldLock, IconUsers, IconUsersGroup } from '@tabler/icons-react';
import { HealthMark, WaitingMark } from '@/ui/shell/marks';
import type { Place } from '@/ui/shell/navigation';

/** The navigation, in its order. */
export const places: readonly Place[] = [
  { to: '/users', label: 'Users', icon: IconUsers, keys: 'g u' },
  { to: '/approvals', label: 'Approvals', icon: IconChecklist, keys: 'g a', mark: <WaitingMark /> },
  { to: '/health', label: 'Health', icon: IconActivityHeartbeat, keys: 'g h', mark: <HealthMark /> },
  { to: '/reports', label: 'Reports', icon: IconChartBar, keys: 'g r' },
  { to: '/audit', label: 'Audit', icon: IconShieldLock, keys: 'g l' },
  { to: '/staff', label: 'Staff', icon: IconUsersGroup, keys: 'g s' },
];
