import { createTheme, type MantineColorsTuple, type MantineThemeOverride } from '@mantine/core';

const spruce: MantineColorsTuple = [
  '#e9f5f2', '#d3ebe5', '#a8d8cd', '#79c3b4', '#50ad9c', '#2f9785', '#1a8070', '#0f6b5f', '#0c564c', '#08413a',
];

/** Greys with a breath of the brand's green, so that the whole looks of one piece. */
const gray: MantineColorsTuple = [
  '#f6f8f7', '#edf1f0', '#e1e7e5', '#d0d8d6', '#b2bdba', '#879390', '#5d6a67', '#46524f', '#2f3937', '#1a2221',
];

const dark: MantineColorsTuple = [
  '#dbe3e1', '#b4bfbd', '#94a19e', '#67736f', '#3b4744', '#2d3836', '#222b29', '#161d1c', '#111716', '#0b100f',
];

const red: MantineColorsTuple = [
  '#fdf0ee', '#fadcd8', '#f4b8b0', '#ec8f84', '#e26a5d', '#d54c3f', '#bf382c', '#a32b21', '#84221b', '#641a15',
];

const amber: MantineColorsTuple = [
  '#fdf5e4', '#fae8c0', '#f3d085', '#e9b64d', '#dc9e26', '#c08312', '#9b680b', '#7c520a', '#60400a', '#472f09',
];

const blue: MantineColorsTuple = [
  '#edf4fb', '#d6e6f6', '#abccec', '#7cafe0', '#5393d2', '#3579bf', '#2563a5', '#1e5189', '#19416d', '#133152',
];

const green: MantineColorsTuple = [
  '#eaf6ec', '#d2ebd7', '#a6d6b0', '#77bf86', '#4fa763', '#349049', '#25783a', '#1d622f', '#184f26', '#123b1d',
];

const FONT = 'Inter, "Inter Variable", ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const MONO = 'ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';

/** Scroll is locked by our stylesheet: what Mantine would use writes a `<style>` element, which the content policy forbids. */
const overlay = {
  lockScroll: false,
  overlayProps: { backgroundOpacity: 0.45 },
  transitionProps: { duration: 120 },
  closeButtonProps: { 'aria-label': 'Close' },
  // A dialog's head is no banner of the page.
  attributes: { header: { role: 'presentation' } },
};

export const theme: MantineThemeOverride = createTheme({
  colors: { spruce, gray, dark, red, amber, yellow: amber, blue, green },
  primaryColor: 'spruce',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  black: '#1a2221',
  fontFamily: FONT,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.5', xl: '1.5' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
  defaultRadius: 'sm',
  headings: {
    fontFamily: FONT, fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' }, h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' }, h4: { fontSize: '0.875rem', lineHeight: '1.45' },
    },
  },
  shadows: {
    xs: '0 1px 2px rgb(15 30 27 / 8%)', sm: '0 1px 3px rgb(15 30 27 / 10%)', md: '0 4px 14px rgb(15 30 27 / 12%)',
    lg: '0 10px 32px rgb(15 30 27 / 16%)', xl: '0 18px 56px rgb(15 30 27 / 22%)',
  },
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } },
    Modal: { defaultProps: { ...overlay, centered: true, radius: 'md', padding: 'lg', shadow: 'xl' } },
    Drawer: { defaultProps: overlay },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: false, events: { hover: true, focus: true, touch: true } } },
    Menu: { defaultProps: { shadow: 'md', radius: 'md', transitionProps: { duration: 100 } } },
    Alert: { defaultProps: { radius: 'md', variant: 'light' } },
  },
});
