import { applyApp, deployApp, rebuildApp, restartApp, rollbackApp, startApp, stopApp } from './app-verbs.ts'
import { createApp, deleteApp, getApp, listApps, updateApp } from './apps.ts'
import { listAudit } from './audit.ts'
import { changePassword, login, logout, me, updateMe, verifyPassword } from './auth.ts'
import { deleteCollaborator, listCollaborators, putCollaborator, transferApp } from './collaborators.ts'
import { createCredential, deleteCredential, listCredentials } from './credentials.ts'
import { cancelDeployment, endDrain, getDeployment, listDeployments } from './deployments.ts'
import { getEvents } from './events.ts'
import { listFunctions } from './functions.ts'
import { inspectGit } from './git.ts'
import { endLoginSession, listLoginSessions } from './login-sessions.ts'
import { getLogs } from './logs.ts'
import { deployInOneCall } from './one-call.ts'
import { diffReleases, getRelease, getRenvLock, listReleases } from './releases.ts'
import { endSession, listSessions } from './sessions.ts'
import { setUp, setupState } from './setup.ts'
import { checkSlug, cleanUp, getSystem, health, healthz, listRuntimes, readyz } from './system.ts'
import { createToken, deleteToken, listTokens } from './tokens.ts'
import { inspectUpload, uploadCode } from './uploads.ts'
import {
  createUser,
  deleteUser,
  endSessionsOfUser,
  getUser,
  listSessionsOfUser,
  listUsers,
  updateUser,
} from './users.ts'

/** Every operation of the API, flat. Tests walk it; the client's types come from it. */
export const endpoints = [
  health,
  healthz,
  readyz,
  getSystem,
  cleanUp,
  setupState,
  setUp,
  login,
  logout,
  me,
  updateMe,
  verifyPassword,
  changePassword,
  listLoginSessions,
  endLoginSession,
  listTokens,
  createToken,
  deleteToken,
  listUsers,
  createUser,
  getUser,
  updateUser,
  deleteUser,
  listSessionsOfUser,
  endSessionsOfUser,
  listAudit,
  listApps,
  createApp,
  getApp,
  updateApp,
  deleteApp,
  listCollaborators,
  putCollaborator,
  deleteCollaborator,
  transferApp,
  uploadCode,
  inspectUpload,
  deployInOneCall,
  startApp,
  stopApp,
  restartApp,
  deployApp,
  rebuildApp,
  rollbackApp,
  applyApp,
  listDeployments,
  getDeployment,
  cancelDeployment,
  endDrain,
  listReleases,
  getRelease,
  diffReleases,
  getRenvLock,
  listFunctions,
  listSessions,
  endSession,
  getLogs,
  getEvents,
  listCredentials,
  createCredential,
  deleteCredential,
  inspectGit,
  listRuntimes,
  checkSlug,
] as const

export type Api = { [E in (typeof endpoints)[number] as `${E['method']} ${E['url']}`]: E }
