// Mantine writes the variables of its theme into a <style> element at run time, which a strict content policy forbids.
// Here they become a stylesheet of the build: `import 'virtual:theme.css'`.

import { convertCssVariables, defaultCssVariablesResolver, mergeMantineTheme, DEFAULT_THEME } from '@mantine/core';
import type { Plugin } from 'vite';
import { theme } from '../src/ui/theme/looks';

const NAME = 'virtual:theme.css';

/** Serves the theme's variables as CSS. */
export function themeVariables(): Plugin {
  return {
    name: 'theme-variables',
    resolveId: (id) => (id === NAME ? NAME : null),
    load: (id) => {
      if (id !== NAME) return null;
      const variables = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme));
      return convertCssVariables(variables, ':root');
    },
  };
}
