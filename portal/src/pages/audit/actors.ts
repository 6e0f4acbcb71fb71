interface Named {
  id: string;
  name: string;
}

/** Who did something, in words. */
export function actorName(actor: string, staff: readonly Named[] | undefined): string {
  if (actor === 'operator') return 'The operator';
  const [kind, rest] = actor.split('#');
  if (kind === 'system' && rest !== undefined) return `The system (${rest})`;
  if (kind === 'address' && rest !== undefined) return `Somebody at ${rest}`;
  return staff?.find(({ id }) => id === actor)?.name ?? actor;
}
