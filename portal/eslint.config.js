import js from '@eslint/js';
import globals from 'globals';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';

const ROOMS = ['util', 'api', 'ui', 'forms', 'pages'];

/** Rooms use those before them and never those after them. */
const oneWay = ROOMS.map((room, place) => ({
  files: [`src/${room}/**`],
  rules: {
    'no-restricted-imports': ['error', {
      paths: mantine(),
      patterns: ROOMS.slice(place + 1).map((later) => ({
        group: [`@/${later}/*`], message: `${room} comes before ${later}: imports go util ← api ← ui ← forms ← pages.`,
      })),
    }],
  },
}));

/** Longer ones are not read to their end. */
const LINE_MAX = 160;

/** Components that write <style> elements at run time, which the content policy forbids. */
function mantine() {
  return [{
    name: '@mantine/core',
    importNames: ['AppShell', 'Grid', 'SimpleGrid', 'Flex', 'ColorSchemeScript'],
    message: 'It writes a <style> element when it is drawn. Lay out with a CSS module.',
  }];
}

export default defineConfig(
  { ignores: ['dist', 'src/api/schema.d.ts', 'public'] },
  js.configs.recommended,
  { rules: { 'max-len': ['error', { code: LINE_MAX }] } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked, a11y.flatConfigs.strict, hooks.configs.flat.recommended],
    languageOptions: { globals: globals.browser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Routes are led elsewhere by throwing where to.
      '@typescript-eslint/only-throw-error': ['error', { allow: [{ from: 'package', package: '@tanstack/router-core', name: 'Redirect' }] }],
      // The first field of a page or a dialog is where people are.
      'jsx-a11y/no-autofocus': 'off',
      'jsx-a11y/anchor-is-valid': 'off',
    },
  },
  // Tests drive the browser from Node, and hand functions over to be run in the page.
  { files: ['e2e/**'], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  ...oneWay,
);
