/** A template's tree as closures. Names and types are settled here, so that a render only reads and writes. */
import { type CompileContext, createContext } from './compile-context.ts'
import { type Frame, isPresent, missing, type Operand } from './frames.ts'
import { compileCall } from './helper.ts'
import { blockNames, helpers, inlineNames } from './helpers.ts'
import { type Indentation, indented, indentHere } from './indent.ts'
import type { Node, ParsedTemplate, SectionNode } from './parse.ts'
import { compilePath, namesAt } from './paths.ts'
import type { Render } from './render-state.ts'
import { renderOnce, repeatEach, repeatRows } from './repeat.ts'
import { type Part, sequence } from './sequence.ts'
import type { Call } from './tag.ts'
import { writerOf } from './text-of.ts'
import { nameOfType, type ValueType } from './values.ts'

interface Scope {
  readonly frame: Frame
  readonly context: CompileContext
  readonly templates: ReadonlyMap<string, ParsedTemplate>
  readonly indentation: Indentation | undefined
}

interface Rendered {
  readonly render: Render
  readonly isLeaf: boolean
}

const silent: Rendered = { render: () => '', isLeaf: true }

export function compileNodes(nodes: readonly Node[], scope: Scope): Render {
  const { context, indentation, frame } = scope
  const { gathered, limits, template } = context
  gathered.levels = Math.max(gathered.levels, frame.level)
  const parts: Part[] = []
  const text = (value: string, offset: number) => {
    if (value !== '') parts.push({ kind: 'text', text: value, place: context.place(offset) })
  }
  for (const node of nodes) {
    gathered.nodes += 1
    if (gathered.nodes > limits.maxNodes) {
      if (gathered.nodes === limits.maxNodes + 1) {
        const message = `With what it includes, the template has more than ${limits.maxNodes} tags and texts.`
        context.problem('template_too_large', node.start, message)
      }
      break
    }
    if (node.kind === 'text')
      text(indented(template.source.slice(node.start, node.end), indentation), node.start)
    else {
      if (node.kind === 'value') text(indentHere(indentation), node.start)
      parts.push({ kind: 'rendered', ...compileNode(node, scope), place: context.place(node.start) })
    }
  }
  return sequence(parts)
}

function compileNode(node: Exclude<Node, { readonly kind: 'text' }>, scope: Scope): Rendered {
  switch (node.kind) {
    case 'value':
      return { render: compileValue(node.call, scope), isLeaf: true }
    case 'section':
      return compileSection(node, scope)
    case 'include':
      return { render: compileInclude(node, scope), isLeaf: false }
  }
}

function compileValue(call: Call, { frame, context }: Scope): Render {
  const helper = helperOf(call)
  if (helper?.usage === 'inline') {
    const compiled = compileCall(helper, call, frame, context)
    if (compiled === undefined) return silent.render
    const render = helper.compile(compiled)
    return (state) => {
      state.place = compiled.place
      return render(state)
    }
  }
  if (helper !== undefined) {
    const message = `"${helper.name}" needs a content: write {{#${helper.name} …}}…{{/${helper.name}}}.`
    context.problem('wrong_tag', call.start, message)
    return silent.render
  }
  if (hasArguments(call)) return unknownHelper(call, context, inlineNames)
  const { type, read } = pathOf(call, frame, context)
  if (type.kind === 'group' || type.kind === 'iteration') {
    const hint =
      type.kind === 'group' ? 'open a section on it, or name one of its variables' : 'use iter.index'
    context.problem('not_writable', call.start, `This is ${nameOfType(type)}, which is no text: ${hint}.`)
    return silent.render
  }
  const write = writerOf(type)
  if (isSimple(type)) return (state) => write(read(state), state)
  const place = context.place(call.start)
  return (state) => {
    state.place = place
    return write(read(state), state)
  }
}

/** Writing it cannot fail. */
function isSimple({ kind }: ValueType): boolean {
  return (
    kind === 'string' ||
    kind === 'number' ||
    kind === 'integer' ||
    kind === 'boolean' ||
    kind === 'accessToken'
  )
}

function compileSection(node: SectionNode, scope: Scope): Rendered {
  const { frame, context } = scope
  const { call, children, isInverted } = node
  const helper = helperOf(call)
  const within =
    helper?.usage === 'block' && helper.obscures === true
      ? createContext({ ...context, obscuredBy: helper.name })
      : context
  const content = (inner: Frame): Render => {
    if (!context.isIncluded) {
      const { contentStart: start, contentEnd: end } = node
      context.gathered.scopes.push({ start, end, names: namesAt(inner), hasElement: inner !== frame })
    }
    return compileNodes(children, { ...scope, frame: inner, context: within })
  }
  if (helper !== undefined) {
    if (helper.usage === 'block' && !isInverted) {
      const compiled = compileCall(helper, call, frame, context)
      if (compiled === undefined) return { render: content(frame), isLeaf: true }
      return { render: helper.compile(compiled, content), isLeaf: helper.isLeaf === true }
    }
    const hint = isInverted ? 'Use {{#unless …}} for the opposite' : `Write {{${helper.name} …}}`
    context.problem('wrong_tag', call.start, `"${helper.name}" cannot begin this kind of section. ${hint}.`)
    content(frame)
    return silent
  }
  if (hasArguments(call)) {
    unknownHelper(call, context, blockNames)
    content(frame)
    return silent
  }
  const operand = pathOf(call, frame, context)
  return {
    render: isInverted ? invert(operand, content(frame)) : open(operand, scope, node, content),
    isLeaf: false,
  }
}

function invert({ read }: Operand, render: Render): Render {
  return (state) => (isPresent(read(state)) ? '' : render(state))
}

function open(
  operand: Operand,
  { frame, context }: Scope,
  node: SectionNode,
  content: (frame: Frame) => Render,
): Render {
  const { type, read } = operand
  if (type.kind === 'list') return repeatEach([operand], frame, undefined, context.place(node.start), content)
  if (type.kind === 'group' && type.group.hasLists) {
    return repeatRows(type.group, frame, undefined, context.place(node.start), content)
  }
  if (type.kind === 'boolean') {
    const render = content(frame)
    return (state) => (read(state) === true ? render(state) : '')
  }
  return renderOnce(operand, frame, (state) => isPresent(read(state)), content)
}

function compileInclude(
  { name, indent, start }: Extract<Node, { readonly kind: 'include' }>,
  scope: Scope,
): Render {
  const { context, templates } = scope
  const { template, path, limits } = context
  const nested = template.nested.get(name)
  const included = nested === undefined ? templates.get(name) : template
  if (included === undefined) {
    const names = [...template.nested.keys(), ...templates.keys()].filter((each) => each !== template.name)
    context.problem(
      'unknown_template',
      start,
      `There is no template "${name}". ${context.suggest(name, names)}`,
    )
    return silent.render
  }
  const key = nested === undefined ? name : `${template.name} +${name}`
  if (path.includes(key)) {
    const message = `The template includes itself: ${[...path.slice(path.indexOf(key)), key].join(' → ')}. Remove one of the includes.`
    context.problem('cyclic_include', start, message)
    return silent.render
  }
  if (path.length > limits.maxIncludeDepth) {
    context.problem('too_deep', start, `Includes may go ${limits.maxIncludeDepth} deep.`)
    return silent.render
  }
  context.gathered.includes.add(included.name)
  const inner = createContext({ ...context, template: included, path: [...path, key] })
  return compileNodes(nested ?? included.nodes, {
    ...scope,
    context: inner,
    indentation: deeper(scope.indentation, indent),
  })
}

/** An include in the middle of a line goes on with that line. */
function deeper(outer: Indentation | undefined, indent: string): Indentation | undefined {
  if (indent === '') return outer
  return { text: (outer?.text ?? '') + indent, isAtLineStart: true }
}

function helperOf({ path, name }: Call) {
  return path.kind === 'path' && path.parts.length === 1 ? helpers.get(name.name) : undefined
}

function hasArguments({ args, options }: Call): boolean {
  return args.length > 0 || options.length > 0
}

function pathOf({ path }: Call, frame: Frame, context: CompileContext): Operand {
  return path.kind === 'path' ? compilePath(path.parts, frame, context) : missing
}

function unknownHelper({ name, start }: Call, context: CompileContext, names: readonly string[]): Render {
  context.problem(
    'unknown_helper',
    start,
    `There is no helper "${name.name}". ${context.suggest(name.name, names)}`,
  )
  return silent.render
}
