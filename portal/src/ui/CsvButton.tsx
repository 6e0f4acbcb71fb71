import { Button, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { explain } from '@/api/error';
import { csvFile, download, type CsvColumn } from '@/util/csv';
import { count } from '@/util/words';

interface Props<Row> {
  /** Without `.csv`. */
  fileName: string;
  columns: readonly CsvColumn<Row>[];
  /** The pages of the list, one after the other: see `everyPage`. */
  pages: (signal: AbortSignal) => AsyncIterable<readonly Row[]>;
  unit?: string;
}

/** Fetches a whole list page by page and hands it over as a file. A second click stops it. */
export function CsvButton<Row>({ fileName, columns, pages, unit = 'row' }: Props<Row>) {
  const [rows, setRows] = useState<number | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => { running.current?.abort(); }, []);

  const run = async () => {
    const controller = new AbortController();
    running.current = controller;
    setFailure(null);
    setRows(0);
    try {
      const file = await csvFile(columns, pages(controller.signal), (done) => {
        controller.signal.throwIfAborted();
        setRows(done);
      });
      download(file, `${fileName}.csv`);
    } catch (error) {
      if (!controller.signal.aborted) setFailure(explain(error).message);
    } finally {
      running.current = null;
      setRows(null);
    }
  };

  const isRunning = rows !== null;
  return (
    <Tooltip label={failure ?? (isRunning ? 'Click to stop' : 'All rows that match, as a CSV file')}>
      <Button variant="default" color={failure === null ? undefined : 'red'} leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => { if (isRunning) running.current?.abort(); else void run(); }}>
        <span aria-live="polite">{failure !== null ? 'Export failed' : isRunning ? `Stop (${count(rows, unit)})` : 'Export'}</span>
      </Button>
    </Tooltip>
  );
}
