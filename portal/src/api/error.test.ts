import { describe, expect, it } from 'vitest';
import { ApiError, explain, isPassing, NetworkError, refusalOf } from './error';

describe('errors', () => {
  it('takes the server’s words where it says something in the one form', () => {
    const error = refusalOf(409, { error: { code: 'preview_stale', message: 'The preview is old.', request_id: 'req-1' } });
    expect(error).toMatchObject({ status: 409, code: 'preview_stale', message: 'The preview is old.', requestId: 'req-1' });
  });

  it.each([null, 'html', {}, { error: 'text' }, { error: { code: 1 } }, []])('has words of its own for %j', (body) => {
    expect(refusalOf(503, body)).toMatchObject({ status: 503, code: 'status_503', requestId: null });
    expect(refusalOf(503, body).message).not.toBe('');
  });

  it.each([400, 401, 403, 404, 409, 413, 429, 500, 503])('says of %i what to do', (status) => {
    const { title, message, toDo } = explain(new ApiError(status, 'code', 'Words.', 'req-1'));
    expect([title, message, toDo].every((text) => text.length > 3)).toBe(true);
  });

  it('names the request only where an engineer can find it', () => {
    expect(explain(new ApiError(500, 'internal', 'Words.', 'req-1')).requestId).toBe('req-1');
    expect(explain(new NetworkError(new Error('gone'))).requestId).toBeNull();
    expect(explain(new TypeError('a bug')).message).not.toContain('a bug');
  });

  it('asks again by itself only where the server decided nothing', () => {
    expect([500, 503, 429].every((status) => isPassing(new ApiError(status, 'c', 'm', null)))).toBe(true);
    expect([400, 401, 403, 404, 409].some((status) => isPassing(new ApiError(status, 'c', 'm', null)))).toBe(false);
    expect(isPassing(new NetworkError(null))).toBe(true);
    expect(isPassing(new TypeError('a bug'))).toBe(false);
  });
});
