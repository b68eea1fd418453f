/** A document as YAML that people read and git compares: one thing a line, always the same way. */
import { Document, isMap, isPair, isScalar, isSeq, type Node, visit } from 'yaml'

/** Lists whose elements stand in one line each, and lists and maps that stand in one line themselves. */
const linesOf = ['mappings', 'templateVariables', 'attributes', 'labels', 'all']
const oneLine = ['keyColumns', 'dataSources', 'labels', 'retryDelaysMs', 'columns', 'schedule', 'rescan']

export function writeYaml(document: unknown): string {
  // What other readers of YAML would take for a boolean is quoted: the country NO, for one.
  const yaml = new Document(document, { version: '1.2', schema: 'core', compat: 'yaml-1.1' })
  yaml.commentBefore = ' What a workspace of Sluice is configured to do. docs/configuration.md describes it.'
  visit(yaml, {
    Map(_key, node, path) {
      const parent = path.at(-1)
      const field = fieldAbove(path)
      const isShort = isSeq(parent) ? linesOf.includes(field) : oneLine.includes(field) || isReference(node)
      if (isShort && !hasLines(node)) node.flow = true
    },
    // Where blanks begin a text, it could not be told from the indentation.
    Scalar(_key, node) {
      if (typeof node.value === 'string' && /^\s[\s\S]*\n|^\n/.test(node.value)) node.type = 'QUOTE_DOUBLE'
    },
    Seq(_key, node, path) {
      const isShort = oneLine.includes(fieldAbove(path)) && node.items.every(isScalar)
      if (isShort && !hasLines(node)) node.flow = true
    },
  })
  separate(yaml.contents)
  return yaml.toString({ lineWidth: 0, blockQuote: 'literal' })
}

/** The field whose value a node is, or is an element of. */
function fieldAbove(path: readonly unknown[]): string {
  const pair = path.findLast(isPair)
  return isScalar(pair?.key) ? String(pair.key.value) : ''
}

function isReference(node: Node): boolean {
  return isMap(node) && node.items.length === 1 && node.has('env')
}

function hasLines(node: Node): boolean {
  let found = false
  visit(node, {
    Scalar(_key, { value }) {
      found ||= typeof value === 'string' && value.includes('\n')
    },
  })
  return found
}

/** A blank line before each list, and between entries of several lines. */
function separate(contents: unknown): void {
  if (!isMap(contents)) return
  for (const [index, { key, value }] of contents.items.entries()) {
    if (isScalar(key)) key.spaceBefore = index > 0
    const entries = isSeq(value) ? value.items : []
    for (const entry of entries.slice(1)) if (isMap(entry)) entry.spaceBefore = entry.flow !== true
  }
}
