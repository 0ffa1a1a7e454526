import type { Routes } from '../call.ts';

const EMOJI = { '+1': 'unicode/1f44d.png' };

export const miscRoutes: Routes = {
  'GET /': (call) => ({
    body: { current_user_url: `${call.world.urls.api}/user`, rate_limit_url: `${call.world.urls.api}/rate_limit` },
  }),
  'GET /meta': () => ({
    body: { verifiable_password_authentication: false, hooks: ['127.0.0.0/8'], installed_version: '3.99.0' },
  }),
  'GET /zen': () => ({ text: 'Keep it logically awesome.', headers: { 'Content-Type': 'text/plain; charset=utf-8' } }),
  'GET /emojis': () => ({ body: EMOJI }),
};
