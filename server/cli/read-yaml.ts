/** YAML as far as a configuration needs it, and where in the text each of its places stands. */
import {
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type ParsedNode,
  parseDocument,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Issue } from '../problems/rules.ts'

/** Lines and columns are counted from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

export interface Located extends Place {
  readonly code: string
  readonly message: string
}

export type YamlReading =
  | { readonly ok: true; readonly value: unknown; place(issue: Issue): Place }
  | { readonly ok: false; readonly problems: readonly Located[] }

const maxDepth = 64
const noAnchors = 'Leave anchors (&…) and aliases (*…) out: write it where it is meant.'

export function readYaml(text: string): YamlReading {
  const lines = new LineCounter()
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const refuse = (offset: number, code: string, message: string): YamlReading => ({
    ok: false,
    problems: [{ ...at(offset), code, message }],
  })
  const document = parse(text, lines)
  if (document === undefined) return refuse(0, 'too_deep', 'It is nested too deeply to be read.')
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map(({ code, message, pos: [offset] }) => ({
        ...at(offset),
        code: 'bad_yaml',
        message: code === 'MULTIPLE_DOCS' ? 'Write one document: take "---" out.' : message,
      })),
    }
  }
  const problems: Located[] = []
  const found = (node: unknown, code: string, message: string) =>
    void problems.push({ ...at(startOf(node)), code, message })
  if (document.directives?.yaml.explicit === true) {
    found(document.contents, 'not_allowed_in_yaml', 'Leave directives (%…) out.')
  }
  for (const { pos } of document.warnings) {
    problems.push({ ...at(pos[0]), code: 'not_allowed_in_yaml', message: 'Leave tags (!…) out.' })
  }
  const notAllowed = (node: Scalar | YAMLMap | YAMLSeq) => {
    if (node.anchor !== undefined) found(node, 'not_allowed_in_yaml', noAnchors)
    if (node.tag !== undefined) found(node, 'not_allowed_in_yaml', 'Leave tags (!…) out.')
  }
  visit(document, {
    Alias: (_key, node) => found(node, 'not_allowed_in_yaml', noAnchors),
    Collection(_key, node, path) {
      notAllowed(node)
      if (path.filter(isCollection).length <= maxDepth) return undefined
      found(node, 'too_deep', `Nest at most ${maxDepth} levels deep.`)
      return visit.SKIP
    },
    Scalar(key, node) {
      notAllowed(node)
      if (key === 'key' && typeof node.value !== 'string') {
        found(node, 'bad_yaml', 'Names of fields are texts: put it in quotes.')
      } else if (typeof node.value === 'number' && !isExact(node.value)) {
        found(node, 'bad_yaml', 'This number cannot be kept exactly: put it in quotes.')
      }
    },
    Pair(_key, { key }) {
      if (!isScalar(key)) found(key, 'bad_yaml', 'Names of fields are texts.')
    },
  })
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    value: document.toJS({ maxAliasCount: 0 }),
    place: (issue) => placeOf(document.contents, issue, text, at),
  }
}

/** Undefined where its nesting is more than the stack bears. */
function parse(text: string, lineCounter: LineCounter) {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: true,
      prettyErrors: false,
      logLevel: 'error',
      lineCounter,
    })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function isExact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)
}

function startOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0
}

/** The deepest place of the path that there is: what is missing is missing there. */
function placeOf(
  contents: ParsedNode | null,
  { path, code, line, column }: Issue,
  text: string,
  at: (offset: number) => Place,
): Place {
  let node: unknown = contents
  let name: unknown = contents
  for (const step of path) {
    const next = stepInto(node, step)
    if (next === undefined) return at(startOf(name))
    name = next.name
    node = next.value
  }
  if (isScalar(node) && line !== undefined) return inText(node, { line, column: column ?? 1 }, text, at)
  return at(startOf(isScalar(node) && code !== 'unknown_field' ? node : name))
}

function stepInto(
  node: unknown,
  step: string | number,
): { readonly name: unknown; readonly value: unknown } | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(step)]
    return value === undefined ? undefined : { name: value, value }
  }
  if (!isMap(node)) return undefined
  const pair = (node.items as readonly Pair<Node, Node>[]).find(
    ({ key }) => isScalar(key) && String(key.value) === String(step),
  )
  return pair && { name: pair.key, value: pair.value }
}

/** A text of several lines that stands as it is has its own lines in the file. */
function inText(node: Scalar, inside: Place, text: string, at: (offset: number) => Place): Place {
  const start = at(startOf(node))
  if (node.type !== Scalar.BLOCK_LITERAL) return start
  const content = text.slice(text.indexOf('\n', startOf(node)) + 1)
  const indent = /^(?:[^\S\n]*\n)*(?<indent> *)/.exec(content)?.groups?.['indent']?.length ?? 0
  return { line: start.line + inside.line, column: indent + inside.column }
}
