import type { EventOutcome } from '@/api/types';

/** What each outcome means for whoever reads it. */
export const OUTCOMES: Readonly<Record<EventOutcome, string>> = {
  pending: 'It is kept and going to be applied. It is tried again by itself, with longer and longer waits.',
  applied: 'What it told is on record.',
  stale: 'What is on record is the same or newer, so it changed nothing.',
  ignored: 'Its type is not acted on.',
  refused: 'It is not for this installation, such as a test event that came to the live one.',
  quarantined: 'It can never be applied as it is. Look at the reason; once that is mended, replay it.',
  dead: 'It was tried until the last attempt. Once the reason is mended, replay it.',
};
