import { lazy, Suspense } from 'react';
import { useStore } from '@/util/store';
import { hasNotices } from './notify';

const Corner = lazy(() => import('./Corner'));

/** Where notices are shown. */
export function Notices() {
  return useStore(hasNotices) && <Suspense fallback={null}><Corner /></Suspense>;
}
