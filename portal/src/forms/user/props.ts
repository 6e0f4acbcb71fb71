import type { User } from '@/api/types';

/** What every form on a customer is given. */
export interface UserFormProps {
  user: User;
  /** How the customer is called. */
  person: string;
  onClose: () => void;
}

export function personOf(user: Pick<User, 'name' | 'email' | 'id'>): string {
  return user.name ?? user.email ?? user.id;
}
