import { MantineProvider } from '@mantine/core';
import '@mantine/core/styles.css';
import 'virtual:theme.css';
import './global.css';
import type { ReactNode } from 'react';
import { theme } from './looks';

/** The looks of everything inside. Variables and classes come from stylesheets, never from elements made at run time. */
export function Theme({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      {children}
    </MantineProvider>
  );
}
