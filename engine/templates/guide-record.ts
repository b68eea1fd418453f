/** The record that tests and examples of templates render: the one of the reference's guide, and some more. */
import { Decimal } from '@sluice/connector-sdk'
import type { RenderMoment, TemplateValue, TemplateVariable, VariableType } from './template.ts'

const guide: readonly (readonly [string, VariableType, TemplateValue])[] = [
  ['str', 'string', 'Hello'],
  ['num', 'number', 12],
  ['price', 'number', 3.99],
  ['zero', 'number', 0],
  ['dat', 'date', new Date('2020-09-15T00:00:00.000Z')],
  ['bln', 'boolean', true],
  ['off', 'boolean', false],
  ['arrs', 'stringArray', ['A', 'A', 'B']],
  ['arrn', 'numberArray', [1, 1, 2]],
  ['arrb', 'booleanArray', [true, true, false]],
  ['holes', 'stringArray', ['A', null, 'B']],
  ['none', 'stringArray', []],
  ['blank', 'string', ''],
  ['gone', 'string', null],
  ['goneDate', 'date', null],
  ['goneList', 'stringArray', null],
  [
    'tally',
    'tally',
    new Map([
      ['A', 1],
      ['B', 2],
      ['C', 3],
    ]),
  ],
  ['noTally', 'tally', new Map()],
  ['digits', 'string', '42.9'],
  ['raw', 'string', 'say "hi"\n<b>&\'c\'</b>'],
  ['path', 'string', 'a/b/c'],
  ['face', 'string', 'a😀b'],
  ['long', 'number', 9_007_199_254_740_993n],
  ['exact', 'number', new Decimal('12345678901234567890.10')],
  ['items.name', 'stringArray', ['pen', 'cup']],
  ['items.price', 'numberArray', [1.5, 20]],
  ['items.shop', 'string', 'Main'],
  ['half.name', 'stringArray', null],
  ['half.price', 'numberArray', [1, 2]],
  ['user.name', 'string', 'Ann'],
  ['user.address.city', 'string', 'Oslo'],
  ['empty.name', 'stringArray', null],
]

export const guideVariables: readonly TemplateVariable[] = guide.map(([name, type]) => ({ name, type }))
export const guideValues: readonly TemplateValue[] = guide.map(([, , value]) => value)

/** A clock that stands, and UUIDs that count. */
export function guideMoment(): RenderMoment {
  let count = 0
  return {
    now: Date.UTC(2020, 8, 15),
    uuid() {
      count += 1
      return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`
    },
  }
}
