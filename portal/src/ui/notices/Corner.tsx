import { Notifications } from '@mantine/notifications';
import '@mantine/notifications/styles.css';

export default function Corner() {
  return <Notifications position="bottom-right" />;
}
