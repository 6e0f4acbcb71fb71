import { Button, Checkbox } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { download } from '@/util/csv';
import classes from './SignIn.module.css';

/** Shows the recovery codes, which nobody can show again, until the person says that they are kept. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const [isKept, setKept] = useState(false);
  const { copied, copy } = useClipboard();
  const text = `Linky billing: recovery codes. Each works once.\n\n${codes.join('\n')}\n`;
  return (
    <div className={classes.form}>
      <p className={classes.note}>
        <strong>Keep these recovery codes.</strong> Each signs you in once, should the app be lost. They are shown now and never
        again: put them into a password manager, or print them.
      </p>
      <ol className={classes.codes} aria-label="Recovery codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ol>
      <div className={classes.ways}>
        <Button variant="default" size="xs" leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />} onClick={() => { copy(text); }}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button variant="default" size="xs" leftSection={<IconDownload size={14} />}
          onClick={() => { download(new Blob([text], { type: 'text/plain' }), 'linky-recovery-codes.txt'); }}>
          Download
        </Button>
        <Button variant="default" size="xs" leftSection={<IconPrinter size={14} />} onClick={() => { window.print(); }}>Print</Button>
      </div>
      <Checkbox label="I have kept them where I find them without this device" checked={isKept}
        onChange={(event) => { setKept(event.currentTarget.checked); }} />
      <Button size="md" disabled={!isKept} onClick={onKept}>{isKept ? 'Go on' : 'Go on, once they are kept'}</Button>
    </div>
  );
}
