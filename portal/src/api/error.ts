// What can go wrong with a request, by what the person can do about it.

/** The server refused, in its words. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;

  constructor(status: number, code: string, message: string, requestId: string | null) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** There was no answer. Whether the request arrived is not known. */
export class NetworkError extends Error {
  constructor(cause: unknown) {
    super('Linky could not be reached.', { cause });
    this.name = 'NetworkError';
  }
}

/** What the body of a refusal says; something of our own where it is not in the one form, as a proxy's is. */
export function refusalOf(status: number, body: unknown): ApiError {
  const error = (body as { error?: Record<string, unknown> } | null)?.error;
  if (typeof error?.code === 'string' && typeof error.message === 'string') {
    return new ApiError(status, error.code, error.message, typeof error.request_id === 'string' ? error.request_id : null);
  }
  return new ApiError(status, `status_${String(status)}`, WORDS[status] ?? 'Something went wrong on our side.', null);
}

const WORDS: Readonly<Record<number, string>> = {
  404: 'There is no such thing.',
  413: 'That was too large to be taken.',
  429: 'Too many requests at once. Wait a moment.',
  503: 'The service cannot answer at this moment.',
  504: 'The service took too long to answer.',
};

export interface Explanation {
  title: string;
  message: string;
  /** What the person can do. */
  toDo: string;
  canRetry: boolean;
  requestId: string | null;
}

/** What is said to the person. */
export function explain(error: unknown): Explanation {
  if (error instanceof NetworkError) {
    return {
      title: 'No connection', message: error.message, canRetry: true, requestId: null,
      toDo: 'Check your connection. What you typed is kept.',
    };
  }
  if (!(error instanceof ApiError)) {
    return {
      title: 'This page failed', message: 'Something unexpected happened in the portal.', canRetry: true, requestId: null,
      toDo: 'Try again. If it stays, reload the page.',
    };
  }
  const { message, requestId, status } = error;
  const said = { message, requestId };
  if (status === 401) return { ...said, title: 'Signed out', toDo: 'Sign in again.', canRetry: true };
  if (status === 403) return { ...said, title: 'Not allowed', toDo: 'Ask an owner if you need this.', canRetry: false };
  if (status === 404) return { ...said, title: 'Not found', toDo: 'Check the address, or search for it.', canRetry: false };
  if (status === 409) return { ...said, title: 'Changed meanwhile', toDo: 'Look at how it stands now, then try again.', canRetry: true };
  if (status === 429) return { ...said, title: 'Too many requests', toDo: 'Wait a moment, then try again.', canRetry: true };
  if (status >= 500) return { ...said, title: 'Our side failed', toDo: 'Try again. If it stays, give an engineer the request id.', canRetry: true };
  return { ...said, title: 'Not accepted', toDo: 'Correct it and try again.', canRetry: false };
}

/** Whether asking again by itself makes sense: never for what the server decided. */
export function isPassing(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof ApiError && (error.status >= 500 || error.status === 429));
}
