import { createSpotlight } from '@mantine/spotlight';

export const [palette, paletteActions] = createSpotlight();
