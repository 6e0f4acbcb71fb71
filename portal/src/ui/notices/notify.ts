import type { Tone } from '@/util/words';
import { createStore } from '@/util/store';

export interface Notice {
  title: string;
  message?: string;
  tone?: Tone;
}

/** Whether there was ever something to tell: what shows it comes with the first notice. */
export const hasNotices = createStore(false);

const COLOURS: Readonly<Record<Tone, string>> = { good: 'green', attention: 'amber', bad: 'red', info: 'blue', quiet: 'gray' };

/** Tells of something that ended elsewhere than where the person looks. */
export async function notify({ title, message = '', tone = 'info' }: Notice): Promise<void> {
  const { notifications } = await import('@mantine/notifications');
  hasNotices.set(true);
  notifications.show({ title, message, color: COLOURS[tone], autoClose: tone === 'bad' ? false : 6_000 });
}
