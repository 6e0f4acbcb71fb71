// What is done to a customer, in words. One sentence names everything that counts, so that whoever confirms it knows.

import { formatMoney, type Amount } from './money';
import { day } from './time';
import { operationName, planName } from './words';

/** An order as the server has it, as far as it is told. */
export interface OrderLike {
  operation: string;
  amount?: Amount;
  due_now?: Amount;
  from?: string;
  to?: string;
  when?: string;
  days?: number;
  until?: string;
  then_cancel?: string;
}

/** `Refund $31.07`: short, for rows and buttons. */
export function orderWords(order: OrderLike): string {
  const amount = order.amount ? formatMoney(order.amount) : '';
  switch (order.operation) {
    case 'refund': return `Refund ${amount}${order.then_cancel === undefined ? '' : ' and cancel'}`;
    case 'credit': return `Give ${amount} credit`;
    case 'retry_payment': return `Retry a payment of ${amount}`;
    case 'cancel': return order.when === 'now' ? 'Cancel now' : 'Cancel at the period’s end';
    case 'undo_cancel': return 'Undo the cancellation';
    case 'pause_collection': return 'Pause collection';
    case 'resume_collection': return 'Resume collection';
    case 'extend': return `Put the payment off by ${String(order.days ?? 0)} days`;
    case 'change_plan': return `Change to ${planName(order.to ?? null)}${order.when === 'now' ? ' now' : ' at the period’s end'}`;
    case 'keep_plan': return 'Keep the present plan';
    default: return operationName(order.operation);
  }
}

/** What would happen, to whom, in one sentence. */
export function orderSentence(order: OrderLike, person: string): string {
  const amount = order.amount ? formatMoney(order.amount) : 'Money';
  switch (order.operation) {
    case 'refund': {
      const ends = order.then_cancel === undefined ? '' : ' Their subscription ends at once.';
      return `${amount} goes back to ${person}.${ends}`;
    }
    case 'credit': return `${amount} is put to the balance of ${person}. Their next invoices are paid from it first.`;
    case 'retry_payment': return `${amount} is charged to ${person} now.`;
    case 'cancel': {
      return order.when === 'now' ? `The subscription of ${person} ends at once.` : `The subscription of ${person} ends with the period that is running.`;
    }
    case 'undo_cancel': return `The subscription of ${person} goes on after the period that is running.`;
    case 'pause_collection': return `Nothing is collected from ${person} until somebody resumes it.`;
    case 'resume_collection': return `Payments are collected from ${person} again.`;
    case 'extend': {
      const to = order.until === undefined ? '' : `, to ${day(order.until)}`;
      return `The next payment of ${person} is put off by ${String(order.days ?? 0)} days${to}.`;
    }
    case 'change_plan': {
      const due = order.when === 'now' && order.due_now ? ` ${formatMoney(order.due_now)} is charged at once.` : '';
      const when = order.when === 'now' ? 'now' : 'when the period ends';
      return `${person} moves from ${planName(order.from ?? null)} to ${planName(order.to ?? null)} ${when}.${due}`;
    }
    case 'keep_plan': return `${person} keeps the present plan; the change that was to come is taken back.`;
    default: return `${operationName(order.operation)} for ${person}.`;
  }
}
