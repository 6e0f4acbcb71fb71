import { Button, Skeleton } from '@mantine/core';
import { IconChartBar, IconDownload, IconTable } from '@tabler/icons-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { download } from '@/util/csv';
import { Panel } from '../Panel';
import type BarsOf from './Bars';
import { FigureTable } from './FigureTable';
import { figureFile } from './figureFile';
import type LinesOf from './Lines';
import type { ChartProps, Row, Unit } from './types';
import classes from './charts.module.css';

// By far the largest part of a page with charts. The numbers on top and the tables do not wait for it. What is lazy forgets of which rows it is.
const Bars = lazy(() => import('./Bars')) as unknown as typeof BarsOf;
const Lines = lazy(() => import('./Lines')) as unknown as typeof LinesOf;

interface Props<R extends Row> extends Omit<ChartProps<R>, 'label'> {
  title: string;
  /** How it is counted, in words. */
  children: ReactNode;
  look: 'line' | 'area' | 'bars' | 'stack';
  /** Without `.csv`. */
  fileName: string;
  /** Stands there where nothing of it happened. */
  nothing?: string;
  /** Beside the chart; below it where there is no room. */
  beside?: ReactNode;
}

/** A chart with its numbers as a table and as a file, and with what it means. */
export function FigurePanel<R extends Row>({ title, children, look, fileName, nothing, beside, ...rest }: Props<R>) {
  const [isTable, setTable] = useState(false);
  const chart = { label: title, ...rest };
  // No seconds at all is quick; no customers at all is nothing to see.
  const isNothing = (value: number | null, unit: Unit) => value === null || (value === 0 && unit !== 'seconds');
  const isEmpty = rest.figures.every(({ value, ink, unit }) => ink === undefined || rest.rows.every((row) => isNothing(value(row), unit)));
  const Mark = isTable ? IconChartBar : IconTable;
  const other = isTable ? 'Chart' : 'Table';
  const save = async () => { download(await figureFile(rest), `${fileName}.csv`); };
  return (
    <Panel title={title} actions={(
      <div className={classes.actions}>
        <Button variant="subtle" color="gray" size="compact-sm" leftSection={<Mark size={15} aria-hidden />} aria-label={`${other}: ${title}`}
          onClick={() => { setTable(!isTable); }}>{other}</Button>
        <Button variant="subtle" color="gray" size="compact-sm" leftSection={<IconDownload size={15} aria-hidden />} aria-label={`CSV: ${title}`}
          onClick={() => { void save(); }}>CSV</Button>
      </div>
    )}>
      <div className={beside === undefined ? undefined : classes.split}>
        <div className={classes.part}>
          {isTable ? <FigureTable {...chart} />
            : isEmpty && nothing !== undefined ? <div className={classes.nothing}>{nothing}</div>
              : (
                <Suspense fallback={<Skeleton height={260} />}>
                  {look === 'line' || look === 'area' ? <Lines {...chart} isFilled={look === 'area'} /> : <Bars {...chart} isStacked={look === 'stack'} />}
                </Suspense>
              )}
        </div>
        {beside !== undefined && <div className={classes.part}>{beside}</div>}
      </div>
      <p className={classes.meaning}>{children}</p>
    </Panel>
  );
}
