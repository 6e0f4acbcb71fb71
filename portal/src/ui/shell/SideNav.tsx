import { Link } from '@tanstack/react-router';
import { zoneName } from '@/util/time';
import { Keys } from '../commands/Keys';
import type { Place } from './navigation';
import classes from './SideNav.module.css';

/** The places one can go to, and in which zone times are told. */
export function SideNav({ places }: { places: readonly Place[] }) {
  return (
    <>
      <nav aria-label="Pages" className={classes.nav}>
        {places.map(({ to, label, icon: Icon, keys, mark }) => (
          <Link key={to} to={to} className={classes.place}>
            <Icon size={18} stroke={1.7} aria-hidden />
            <span className={classes.placeLabel}>{label}</span>
            {mark}
            <span className={classes.placeKeys} aria-hidden><Keys of={keys} /></span>
          </Link>
        ))}
      </nav>
      <p className={classes.zone}>Times in {zoneName()}</p>
    </>
  );
}
