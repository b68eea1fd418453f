/** What an icon may be: a picture, and nothing that runs or fetches. */
import { expect, it } from 'vitest'
import { findIconProblems, iconUri } from './icon.ts'

const svg = (content: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${content}</svg>`
const png = `data:image/png;base64,${Buffer.from('89504e470d0a1a0a0000', 'hex').toString('base64')}`

it.each([
  ['shapes', svg('<g fill="#36c"><circle cx="4" cy="4" r="4"/><path d="M0 0h8" style="stroke: red"/></g>')],
  [
    'a gradient that it defines itself',
    svg('<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use href="#b"/>'),
  ],
  ['a declaration before it', `<?xml version="1.0" encoding="utf-8"?>\n${svg('<title>Acme</title>')}`],
  ['a PNG', png],
])('takes %s', (_, icon) => {
  expect(findIconProblems(icon)).toEqual([])
})

it.each<[string, unknown, RegExp]>([
  ['what is no text', {}, /must be a text/],
  ['too much', svg(' '.repeat(33_000)), /more than 32 KiB/],
  ['a text that is none', 'icon', /well-formed/],
  ['what is not well-formed', svg('<g>'), /well-formed/],
  ['another root', '<html xmlns="http://www.w3.org/2000/svg"/>', /root <svg/],
  ['a root of no namespace', '<svg/>', /root <svg/],
  ['another kind of image', 'data:image/gif;base64,R0lGODlhAQAB', /must be an SVG document, or a PNG/],
  ['a PNG that is none', 'data:image/png;base64,R0lGODlhAQAB', /must be an SVG document, or a PNG/],
  ['an SVG in a data URI', 'data:image/svg+xml,<svg/>', /must be an SVG document, or a PNG/],
  ['a script', svg('<script>alert(1)</script>'), /element <script>/],
  ['a script under another prefix', svg('<x:script xmlns:x="http://www.w3.org/2000/svg"/>'), /<x:script>/],
  ['foreign content deep inside', svg('<g><g><foreignObject/></g></g>'), /element <foreignObject>/],
  ['a style sheet', svg('<style>@import "https://a.example"</style>'), /element <style>/],
  ['an image', svg('<image href="https://a.example"/>'), /element <image>/],
  ['an animation', svg('<set attributeName="href" to="https://a.example"/>'), /element <set>/],
  ['a handler', svg('<g onclick="alert(1)"/>'), /attribute "onclick"/],
  ['a reference to elsewhere', svg('<use href="https://a.example/#b"/>'), /attribute "href"/],
  [
    'one with a prefix',
    svg('<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="data:x"/>'),
    /attribute "xlink:href"/,
  ],
  ['a fill from elsewhere', svg('<rect fill="url(https://a.example)"/>'), /attribute "fill"/],
  ['a quoted one', svg(`<rect style="fill: url('https://a.example')"/>`), /attribute "style"/],
  ['an escaped one', svg('<rect style="fill: \\75rl(https://a.example)"/>'), /attribute "style"/],
  ['a style sheet from elsewhere', `<?xml-stylesheet href="https://a.example"?>${svg('')}`, /processing/],
  ['an entity of its own', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('<title>&a;</title>')}`, /well-formed/],
])('refuses %s', (_, icon, problem) => {
  expect(findIconProblems(icon).join(' ')).toMatch(problem)
})

it('gives what a page can show as an image', () => {
  const icon = svg('<title>é</title>')
  const [prefix, content = ''] = iconUri(icon).split(',')
  expect(prefix).toBe('data:image/svg+xml;base64')
  expect(Buffer.from(content, 'base64').toString()).toBe(icon)
  expect(iconUri(png)).toBe(png)
})
