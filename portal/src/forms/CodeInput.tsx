import { TextInput } from '@mantine/core';

interface Props {
  value: string;
  onChange: (code: string) => void;
  /** Called with the sixth digit, as there is nothing more to type. */
  onComplete?: (code: string) => void;
  kind?: 'app' | 'recovery';
  error?: string | null;
  autoFocus?: boolean;
}

const DIGITS = 6;

/** A code of the authenticator app, or a recovery code. */
export function CodeInput({ value, onChange, onComplete, kind = 'app', error = null, autoFocus = false }: Props) {
  const isApp = kind === 'app';
  const typed = (text: string) => {
    const code = isApp ? text.replaceAll(/\D/g, '').slice(0, DIGITS) : text.trimStart();
    onChange(code);
    if (isApp && code.length === DIGITS && code !== value) onComplete?.(code);
  };
  return (
    <TextInput label={isApp ? 'Code of your authenticator app' : 'Recovery code'}
      description={isApp ? 'Six digits, new every 30 seconds.' : 'One of those you kept when you set the app up. It works once.'}
      value={value} onChange={(event) => { typed(event.currentTarget.value); }} error={error} autoFocus={autoFocus} data-autofocus
      inputMode={isApp ? 'numeric' : 'text'} autoComplete={isApp ? 'one-time-code' : 'off'} autoCapitalize="off" spellCheck={false} size="md"
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', letterSpacing: isApp ? '0.3em' : '0.05em' } }} />
  );
}
