// The contract's names, out of the generated schema: everything else imports them from here.

import type { components } from './schema';

type Schemas = components['schemas'];

export type Role = Schemas['Role'];
export type Plan = Schemas['Plan'];
export type Attention = Schemas['Attention'];
export type EntryKind = Schemas['EntryKind'];
export type Operation = Schemas['Operation'];
export type Money = Schemas['Money'];
export type Concern = Schemas['Concern'];
export type Verdict = Schemas['Verdict'];
export type When = Schemas['When'];

export type SessionView = Schemas['SessionView'];
export type ListedSession = Schemas['ListedSession'];
export type OfferedAuthenticator = Schemas['OfferedAuthenticator'];

export type UserRow = Schemas['UserRow'];
export type User = Schemas['User'];
export type Subscription = Schemas['SubscriptionView'];
export type Card = Schemas['CardView'];
export type Note = Schemas['Note'];
export type UserMoney = Schemas['MoneyView'];
export type Invoice = Schemas['InvoiceView'];
export type Charge = Schemas['ChargeView'];
export type Refund = Schemas['RefundView'];
export type Dispute = Schemas['DisputeView'];
export type Entry = Schemas['TimelineEntry'];
export type MailRow = Schemas['MailRow'];
export type Mail = Schemas['MailView'];

export type Action = Schemas['Action'];
export type ActionState = Schemas['ActionState'];
export type ActionList = Schemas['ActionList'];
export type Order = Schemas['Order'];
export type OrderForm = Schemas['OrderForm'];
export type RefundReason = Schemas['RefundReason'];
export type RefundForm = Schemas['RefundForm'];
export type RefundPreview = Schemas['RefundPreview'];
export type PlanPreview = Schemas['PlanPreview'];
export type PlanOffer = Schemas['PlanView'];
export type Unused = Schemas['Unused'];

export type Health = Schemas['HealthView'];
export type HealthState = Schemas['HealthState'];
export type HealthPart = Schemas['HealthPart'];
export type Alert = Schemas['AlertView'];
export type EventRow = Schemas['EventView'];
export type Delivery = Schemas['Delivery'];
export type Run = Schemas['RunView'];
export type RunDetail = Schemas['RunDetail'];
export type Difference = Schemas['Difference'];

export type ReportDay = Schemas['DayFigures'];
export type FigureSum = Schemas['FigureSum'];

export type AuditEntry = Schemas['AuditEntry'];
export type Staff = Schemas['StaffView'];
export type Policy = Schemas['PolicyView'];
export type Limits = Schemas['Limits'];

export type Replay = Schemas['Replay'];
export type ReplayForm = Schemas['ReplayForm'];
export type ReplayReport = Schemas['ReplayReport'];
export type ReplayEffect = Schemas['Effect'];
export type EventOutcome = Schemas['EventOutcome'];
export type Resynced = Schemas['Resynced'];
export type Verified = Schemas['Verified'];
export type FieldDifference = Schemas['FieldDifference'];
