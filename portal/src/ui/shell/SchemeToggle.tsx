import { ActionIcon, useComputedColorScheme, useMantineColorScheme, type ActionIconProps } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import type { ComponentPropsWithRef } from 'react';
import { useCommands } from '../commands/registry';

/** Light or dark. The browser remembers it. */
export function SchemeToggle(props: ActionIconProps & ComponentPropsWithRef<'button'>) {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  // Switching transitions off meanwhile would take a <style> element, which the content policy forbids.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const isDark = scheme === 'dark';
  const toggle = () => { setColorScheme(isDark ? 'light' : 'dark'); };
  const label = isDark ? 'Use the light theme' : 'Use the dark theme';
  const Icon = isDark ? IconSun : IconMoon;
  useCommands([{ id: 'scheme', label, group: 'Actions', icon: <Icon size={18} />, words: 'light dark theme colour', run: toggle }]);
  return <ActionIcon {...props} aria-label={label} onClick={toggle}><Icon size={18} /></ActionIcon>;
}
