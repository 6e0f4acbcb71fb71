import { Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useRouter } from '@tanstack/react-router';
import { SignIn } from '@/forms/sign-in/SignIn';
import { signInRoute } from './route';

/** Where the portal is served; pages name their addresses without it. */
const BASE = import.meta.env.BASE_URL.replace(/\/$/, '');

export function SignInPage() {
  useDocumentTitle('Sign in · Linky billing');
  const { to = '/' } = signInRoute.useSearch();
  const router = useRouter();
  return (
    <>
      <Title order={1}>Sign in</Title>
      <SignIn onDone={() => { router.history.push(BASE + to); }} />
    </>
  );
}
