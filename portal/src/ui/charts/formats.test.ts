import { expect, it } from 'vitest';
import { axisText, figureCell, figureHead, figureText } from './formats';

it('writes a number as what it is', () => {
  expect(figureText(-7_000, 'money', 'usd')).toBe('-$70.00');
  expect(figureText(1_234, 'count', 'usd')).toBe('1,234');
  expect([0.015, 0.1234, 1, 0].map((it) => figureText(it, 'rate', 'usd'))).toEqual(['1.50%', '12.3%', '100.0%', '0%']);
  expect(figureText(120, 'seconds', 'usd')).toBe('2 min');
  expect(figureText(null, 'rate', 'usd')).toBe('–');
});

it('is short on an axis', () => {
  expect([0, 1_250_000, -750_000].map((it) => axisText(it, 'money', 'usd'))).toEqual(['$0', '$12.5K', '-$7.5K']);
  expect(axisText(5_000, 'money', 'jpy')).toBe('¥5K');
  expect(axisText(0.015, 'rate', 'usd')).toBe('1.5%');
});

it('gives a spreadsheet numbers, and says of what in the head', () => {
  expect(figureCell(-7_000, 'money', 'usd')).toBe(-70);
  expect(figureCell(2_595.5, 'money', 'usd')).toBe(25.96);
  expect(figureCell(1 / 3, 'rate', 'usd')).toBe(33.3333);
  expect(figureCell(null, 'count', 'usd')).toBeNull();
  expect(['money', 'rate', 'count'].map((unit) => figureHead('New', unit as 'count', 'usd'))).toEqual(['New (USD)', 'New (%)', 'New']);
});
