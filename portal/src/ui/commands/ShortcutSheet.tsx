import { Modal } from '@mantine/core';
import { useAllCommands } from './registry';
import { Keys } from './Keys';
import classes from './ShortcutSheet.module.css';

const GROUPS = ['Go to', 'On this page', 'Actions', 'Help'] as const;

/** Every shortcut that works at this moment. */
export default function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const commands = useAllCommands().filter((command) => command.keys !== undefined);
  const groups = GROUPS.map((group) => ({ group, commands: commands.filter((it) => it.group === group) }));
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="lg">
      <div className={classes.groups}>
        {groups.filter((it) => it.commands.length > 0).map(({ group, commands: shown }) => (
          <section key={group}>
            <h2 className={classes.title}>{group}</h2>
            <ul className={classes.list}>
              {shown.map(({ id, label, keys = '' }) => (
                <li key={id}><span>{label}</span><Keys of={keys} /></li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Modal>
  );
}
