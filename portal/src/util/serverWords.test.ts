import { expect, it } from 'vitest';
import { partsOf } from './serverWords';

it('finds times, lengths of time and ids that have a page', () => {
  expect(partsOf('Event evt_1 waits 25200 s, since 2026-11-26T02:10:12.748Z.')).toEqual([
    { kind: 'text', text: 'Event ' }, { kind: 'link', id: 'evt_1', to: '/events/evt_1' }, { kind: 'text', text: ' waits ' },
    { kind: 'text', text: '7 h' }, { kind: 'text', text: ', since ' }, { kind: 'time', at: '2026-11-26T02:10:12.748Z' }, { kind: 'text', text: '.' },
  ]);
});

it('leaves markup and ids without a page as text', () => {
  expect(partsOf('<b>sub_1</b> req_2')).toEqual([{ kind: 'text', text: '<b>sub_1</b> req_2' }]);
});
