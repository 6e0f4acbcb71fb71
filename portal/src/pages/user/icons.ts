import {
  IconArrowBackUp, IconArrowsExchange, IconCalendarPlus, IconCircleX, IconGift, IconKey, IconPlayerPause, IconPlayerPlay, IconReceiptRefund,
  IconRefresh, IconRotateClockwise,
} from '@tabler/icons-react';
import type { Doing } from '@/forms/user/offers';

export const ICONS: Readonly<Record<Doing, typeof IconKey>> = {
  refund: IconReceiptRefund, change_plan: IconArrowsExchange, keep_plan: IconArrowBackUp, cancel: IconCircleX, undo_cancel: IconArrowBackUp,
  pause_collection: IconPlayerPause, resume_collection: IconPlayerPlay, extend: IconCalendarPlus, retry_payment: IconRotateClockwise,
  credit: IconGift, reset_password: IconKey, resync: IconRefresh,
};
