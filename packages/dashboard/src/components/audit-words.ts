import type { AuditAction, AuditEvent } from '@rserve-proxy/contract/audit.ts'
import type { Hue } from '../ui/hue.ts'
import type { StatusIcon } from './app-status.ts'

/** What was done, as a sentence goes on after a name. */
export const auditWords: Record<AuditAction, string> = {
  login: 'signed in',
  logout: 'signed out',
  'set-up': 'set the installation up',
  'password.change': 'changed the password',
  'password.verify': 'gave the password once more',
  'profile.change': 'changed the profile',
  'login-session.end': 'ended a login session',
  'token.create': 'made a token',
  'token.delete': 'ended a token',
  'user.create': 'made an account',
  'user.update': 'changed an account',
  'user.delete': 'deleted an account',
  'user.sign-out': 'signed a user out',
  'password.reset': 'reset a password',
  'app.create': 'made an app',
  'app.update': 'changed settings',
  'app.delete': 'deleted an app',
  'app.transfer': 'handed an app over',
  'app.upload': 'uploaded code',
  'app.session-end': 'ended a session',
  'app.start': 'started',
  'app.stop': 'stopped',
  'app.restart': 'restarted',
  'app.deploy': 'deployed',
  'app.rebuild': 'rebuilt',
  'app.rollback': 'rolled back',
  'app.apply': 'applied settings',
  'deployment.cancel': 'cancelled a deployment',
  'deployment.end-drain': 'ended a drain',
  'collaborator.put': 'shared an app',
  'collaborator.delete': 'stopped sharing',
  'credential.create': 'kept a git credential',
  'credential.delete': 'forgot a git credential',
  'system.cleanup': 'cleaned up',
  access: 'was refused',
}

/** Rows of a newer manager may name what this page does not know. */
export const auditText = (action: string) => new Map<string, string>(Object.entries(auditWords)).get(action) ?? action

export const auditResults: Record<AuditEvent['result'], { icon: StatusIcon; hue: Hue; word: string }> = {
  success: { icon: 'check', hue: 'success', word: 'Done' },
  denied: { icon: 'minus', hue: 'warning', word: 'Refused' },
  failed: { icon: 'cross', hue: 'danger', word: 'Failed' },
}
