/** The steps of a recipe as they stand in a document: GraphQL blocks, each with a block of variables below it. */
import { getOperationAST, parse } from 'graphql'

export interface Block {
  readonly language: string
  readonly text: string
  /** Of its first line in the document. */
  readonly line: number
}

export interface Step {
  readonly operation: 'query' | 'mutation' | 'subscription'
  readonly document: string
  readonly variables: unknown
  readonly line: number
}

export function readBlocks(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
    ({ 1: language = '', 2: text = '', index }) => ({
      language,
      text,
      line: markdown.slice(0, index).split('\n').length + 1,
    }),
  )
}

export function readSteps(markdown: string): readonly Step[] {
  const blocks = readBlocks(markdown)
  return blocks.flatMap((block, index) => {
    if (block.language !== 'graphql') return []
    const below = blocks[index + 1]
    if (below?.language !== 'json')
      throw new Error(`No variables stand below the GraphQL of line ${block.line}.`)
    const operation = getOperationAST(parse(block.text))?.operation
    if (operation === undefined) throw new Error(`The GraphQL of line ${block.line} is not one operation.`)
    const variables: unknown = JSON.parse(below.text)
    return [{ operation, document: block.text, variables, line: block.line }]
  })
}
