/** The icon of a plugin: a picture and nothing else, since consoles show it to everybody. */
import { parseXml, type XmlDocument, XmlElement, XmlProcessingInstruction } from '@rgrove/parse-xml'

const mostBytes = 32 * 1024
const pngPrefix = 'data:image/png;base64,'
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const svgNamespace = 'http://www.w3.org/2000/svg'

/** Elements that only draw: no script, no style sheet, no foreign content, no animation, no link, no image. */
const drawing = new Set([
  ...['svg', 'g', 'defs', 'symbol', 'use', 'title', 'desc', 'path', 'circle', 'ellipse', 'line', 'rect'],
  ...['polygon', 'polyline', 'clipPath', 'mask', 'pattern', 'linearGradient', 'radialGradient', 'stop'],
])
const reference = /^(?:xlink:)?href$/
const otherNamespaced = new Set(['xml:space', 'xmlns:xlink'])

export function findIconProblems(icon: unknown): readonly string[] {
  if (icon === undefined) return []
  if (typeof icon !== 'string') return ['The icon must be a text: an SVG document, or a PNG as a data URI.']
  if (Buffer.byteLength(icon) > mostBytes) return [`The icon has more than ${mostBytes / 1024} KiB.`]
  return icon.startsWith('data:') ? problemsOfPng(icon) : problemsOfSvg(icon)
}

/** For the `src` of an image, where not even what was overlooked would run. */
export function iconUri(icon: string): string {
  return icon.startsWith('data:') ? icon : `data:image/svg+xml;base64,${Buffer.from(icon).toString('base64')}`
}

function problemsOfPng(icon: string): readonly string[] {
  const content = icon.startsWith(pngPrefix) ? Buffer.from(icon.slice(pngPrefix.length), 'base64') : undefined
  const isPng = content?.subarray(0, pngSignature.length).equals(pngSignature)
  return isPng === true ? [] : [`The icon must be an SVG document, or a PNG that begins with ${pngPrefix}.`]
}

function problemsOfSvg(icon: string): readonly string[] {
  const document = parse(icon)
  if (document?.root?.name !== 'svg' || document.root.attributes['xmlns'] !== svgNamespace) {
    return [`The icon must be a well-formed document with the root <svg xmlns="${svgNamespace}">.`]
  }
  const isStyled = document.children.some((node) => node instanceof XmlProcessingInstruction)
  return [
    ...(isStyled ? ['The icon must have no processing instructions.'] : []),
    ...new Set(problemsOfElement(document.root)),
  ]
}

function parse(icon: string): XmlDocument | undefined {
  try {
    return parseXml(icon)
  } catch {
    // What it is not is said by the caller: it may be anything.
    return undefined
  }
}

function problemsOfElement({ attributes, children, name }: XmlElement): readonly string[] {
  const nested = children.flatMap((child) => (child instanceof XmlElement ? problemsOfElement(child) : []))
  const found = Object.entries(attributes).filter(([attribute, value]) => !onlyDraws(attribute, value))
  return [
    ...(drawing.has(name) ? [] : [`The icon must not have the element <${name}>.`]),
    ...found.map(([attribute]) => `The icon must not have the attribute "${attribute}" as it is.`),
    ...nested,
  ]
}

/** Nothing that runs, and nothing that is fetched from elsewhere. */
function onlyDraws(attribute: string, value: string): boolean {
  if (reference.test(attribute)) return value.startsWith('#')
  if (/^on/i.test(attribute)) return false
  if (attribute.includes(':') && !otherNamespaced.has(attribute)) return false
  return !/url\(\s*['"]?(?!#)|[\\@]|javascript:|expression/i.test(value)
}
