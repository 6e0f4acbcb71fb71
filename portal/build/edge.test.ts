// What stands in front of the deployed portal (infra/portal.yaml): its two functions, which addresses reach the API, and
// what its headers leave to the content policy.
//
// @vitest-environment node

import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import type { HtmlTagDescriptor } from 'vite';
import { describe, expect, it } from 'vitest';
import { contentPolicy } from './content-policy';

interface Answer { statusCode: number; headers: Record<string, { value: string }>; body?: { data: string } }
interface Request { uri: string; headers: Record<string, { value: string; multiValue?: { value: string }[] }> }
type EdgeFunction = (event: { viewer: { ip: string }; request: Request }) => Answer | Request;

const project = new URL('../../', import.meta.url);
const template = (file: string) => readFileSync(new URL(file, project), 'utf8');
const edge = template('infra/portal.yaml');

/** The function that stands in the template under this name. */
function edgeFunction(name: string): EdgeFunction {
  const resource = edge.split(/^ {2}(?=\w+:$)/m).find((text) => text.startsWith(`${name}:\n`)) ?? '';
  const code = /FunctionCode: \|\n((?: {8}.*\n|\n)+)/.exec(resource)?.[1];
  if (!code) throw new Error(`infra/portal.yaml has no function ${name}`);
  // CloudFront takes no larger one.
  expect(code.length).toBeLessThan(10_240);
  return runInNewContext(`${code}; handler`) as EdgeFunction;
}

const request = (uri: string, headers: Request['headers'] = {}) => ({ viewer: { ip: '203.0.113.9' }, request: { uri, headers } });

/** The behaviours after the first, by their pattern. */
const behaviours = edge.split('- PathPattern: ').slice(1).map((text) => {
  const [pattern = '', ...lines] = (text.split(/^ {2}\S/m)[0] ?? '').split('\n');
  return { pattern, text: lines.filter((line) => !line.trim().startsWith('#')).join('\n').trim() };
});
const ofApi = behaviours.filter((it) => it.text.includes('TargetOriginId: api'));
const matches = (pattern: string, path: string) => pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;

describe('the function of pages', () => {
  const pages = edgeFunction('Pages');

  it.each([
    '/app/', '/app/sign-in', '/app/set-password', '/app/users', '/app/users/cus_1', '/app/health/runs/2026-11-24', '/app/there/is/none',
    '/app/v1.2/users', '/app/users/',
  ])('answers %s with the portal', (uri) => {
    expect(pages(request(uri))).toEqual({ uri: '/app/index.html', headers: {} });
  });

  it.each(['/app/index.html', '/app/icon.svg', '/app/colour-scheme.js', '/app/assets/index-B1xY_-9z.js', '/app/missing.png'])('leaves the file %s', (uri) => {
    expect(pages(request(uri))).toEqual({ uri, headers: {} });
  });

  it.each(['/', '/app'])('leads from %s to the portal', (uri) => {
    expect(pages(request(uri))).toMatchObject({ statusCode: 302, headers: { location: { value: '/app/' } } });
  });

  it('has a word for customers who return from paying, and for those who did not pay', () => {
    expect(pages(request('/checkout/done'))).toMatchObject({ statusCode: 200, body: { data: expect.stringContaining('Thank you.') as string } });
    expect(pages(request('/checkout/cancelled'))).toMatchObject({ statusCode: 200, body: { data: expect.stringContaining('Nothing was charged.') as string } });
  });

  it.each(['/stripe/webhook', '/health', '/application', '/favicon.ico', '/index.html', '//app/', '/constructor'])('has nothing at %s', (uri) => {
    expect(pages(request(uri))).toMatchObject({ statusCode: 404, headers: { 'cache-control': { value: 'no-store' } } });
  });
});

describe('the function of the API', () => {
  it('tells the address a request came from, whatever the request says of it', () => {
    const forged = { value: '198.51.100.1', multiValue: [{ value: '198.51.100.1' }, { value: '198.51.100.2' }] };
    const cookie = { value: 'kept' };
    const sent = edgeFunction('Viewer')(request('/api/sign-in', { cookie, 'x-linky-viewer': forged }));
    expect(sent).toEqual({ uri: '/api/sign-in', headers: { cookie, 'x-linky-viewer': { value: '203.0.113.9' } } });
  });
});

describe('the way through CloudFront', () => {
  const routes = [...template('template.yaml').matchAll(/RouteKey: \w+ (\S+)/g)].map((found) => found[1] ?? '');
  const direct = ['/stripe/webhook', '/health'];

  it('leads every route to the API but those that are asked for at its own address', () => {
    expect(routes.length).toBeGreaterThan(50);
    for (const route of routes) {
      expect([route, ofApi.some((it) => matches(it.pattern, route))]).toEqual([route, !direct.includes(route)]);
    }
  });

  it('treats all of them the same: nothing kept, everything handed on, and from where it came', () => {
    expect(ofApi.length).toBe(4);
    expect(new Set(ofApi.map((it) => it.text)).size).toBe(1);
    expect(ofApi[0]?.text).toMatch(/CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad\n/);
    expect(ofApi[0]?.text).toMatch(/OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac\n/);
    expect(ofApi[0]?.text).toMatch(/viewer-request, FunctionARN: !GetAtt Viewer\.FunctionMetadata\.FunctionARN/);
    expect(ofApi[0]?.text).toMatch(/ViewerProtocolPolicy: https-only\n/);
  });

  it('has no error page, which would stand for the answers of the API as well', () => {
    expect(edge).not.toContain('CustomErrorResponses');
  });
});

describe('the content policy', () => {
  it('stands in the page, and the header says only what a page cannot', async () => {
    const { transformIndexHtml } = contentPolicy();
    const tags = await (transformIndexHtml as () => HtmlTagDescriptor[] | Promise<HtmlTagDescriptor[]>)();
    const policy = tags[0]?.attrs?.content;
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toContain('frame-ancestors');
    const header = /ContentSecurityPolicy: "([^"]*)", Override: true/.exec(edge)?.[1];
    expect(header).toBe("frame-ancestors 'none'");
    // What the sandbox serves is what is deployed.
    expect(template('infra/local/src/web/app.rs')).toContain(`"${String(header)}"`);
  });
});
